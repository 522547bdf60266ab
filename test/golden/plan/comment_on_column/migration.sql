comment on column golden.places.name is 'What people call it.';
