create extension if not exists dblink;
create view remote_users as select * from dblink('postgresql://report:Gr4nit-Bruch@db.internal:5432/shop', 'select id from users') as t(id integer);
