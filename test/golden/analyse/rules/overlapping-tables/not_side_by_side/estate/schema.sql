create table host_groups (id integer primary key, environment_id integer, name_checksum bytea, display_name text, zone_id integer, alias text, notes_url text);
create table service_groups (id integer primary key, environment_id integer, name_checksum bytea, display_name text, zone_id integer, alias text, notes_url text);
