alter table golden.places owner to robbieverse_app;
