create table accounts (id integer primary key, password_hash text not null, api_key text, secret_name text default 'none', token_count integer default 0);
comment on column accounts.password_hash is 'argon2; the password itself is never kept';
-- password: ask the administrator
create table hints (key text primary key, value text);
insert into hints values ('password', ''), ('api_key', '${API_KEY}'), ('token', '<your token>'), ('secret', '{{ secret }}'), ('password.help', 'Use at least 14 characters'), ('client_secret', 'YOUR_CLIENT_SECRET'), ('pw', 'xxxxxxxx');
create role app login password :'app_password';
insert into settings (name, value) values ('alert_secret', '{ALERT.SENDTO}');
alter role reader password 'SCRAM-SHA-256$4096:c2FsdHNhbHQ=$c3RvcmVk:c2VydmVy';
