alter table golden.places add column owner_id integer references golden.parents (id);
