alter table golden.places add constraint places_parent_id_fkey foreign key (parent_id) references golden.parents (id);
