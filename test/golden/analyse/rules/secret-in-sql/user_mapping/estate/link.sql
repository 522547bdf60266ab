create extension if not exists postgres_fdw;
create server other foreign data wrapper postgres_fdw options (host 'db.internal', dbname 'shop');
create user mapping for current_user server other options (user 'report', password 'Gr4nit-Bruch');
