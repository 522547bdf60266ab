create table if not exists notes (id integer primary key, body text not null, made_at timestamptz);
create view recent as with newest as (select id, body from notes order by made_at desc limit 5), numbered as (select n.*, row_number() over () as rank from newest n) select r.id, l.word from numbered r cross join lateral unnest(string_to_array(r.body, ' ')) as l(word);
