grant select on golden.places to public;
grant select on golden.places to robbieverse_app;
revoke select on golden.places from public;
