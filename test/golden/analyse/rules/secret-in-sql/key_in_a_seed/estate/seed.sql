create table settings (key text primary key, value text);
insert into settings (key, value) values ('smtp_password', 'vR7-quartz-Lamp-22'), ('theme', 'dark');
