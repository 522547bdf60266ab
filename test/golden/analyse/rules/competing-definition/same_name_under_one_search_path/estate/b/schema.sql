create table crm.notes (id uuid primary key, title text not null);
