create table loads (id integer primary key, who text);
insert into loads (id, who) values (:id, :'who');
select * from loads where id = :id \gset
