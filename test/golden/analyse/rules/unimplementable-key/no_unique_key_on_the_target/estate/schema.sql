create table users (id integer primary key, email text not null);
create index on users (email);
create table mails (id integer primary key, sender text references users(email));
create index on mails (sender);
