alter table golden.places
  add column note text,
  alter column size type bigint,
  add constraint places_parent_id_fkey foreign key (parent_id) references golden.parents (id);
