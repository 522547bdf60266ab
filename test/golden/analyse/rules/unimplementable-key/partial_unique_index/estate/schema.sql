create table users (id integer primary key, email text, is_active boolean);
create unique index users_email on users (email) where is_active;
create table mails (id integer primary key, sender text references users(email));
