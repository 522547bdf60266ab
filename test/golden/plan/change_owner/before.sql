create table golden.parents (id integer not null, name text, constraint parents_pkey primary key (id));
create table golden.places (
  id integer not null,
  name text,
  size integer,
  parent_id integer,
  constraint places_pkey primary key (id)
);
create index places_size_idx on golden.places (size);
insert into golden.parents select n, 'parent' from generate_series(1, 10) n;
insert into golden.places select n, 'place', n, 1 from generate_series(1, 1000) n;
analyze golden.parents;
analyze golden.places;
