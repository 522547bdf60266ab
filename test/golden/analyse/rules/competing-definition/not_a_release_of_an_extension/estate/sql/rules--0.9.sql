create table rules (id integer primary key, body text);
create function run_rule(integer) returns void as 'MODULE_PATHNAME', 'run_rule' language c;
