create table golden.visits (
  id integer primary key,
  place_id integer references golden.places (id)
);
