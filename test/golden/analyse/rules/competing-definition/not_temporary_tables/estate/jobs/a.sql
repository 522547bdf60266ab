create temporary table batch (id integer primary key);
