create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
create trigger touch before update on notes for each row execute function touch_row();
