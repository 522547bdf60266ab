create table golden.parents (
  id integer primary key,
  place_id integer references golden.places (id)
);
