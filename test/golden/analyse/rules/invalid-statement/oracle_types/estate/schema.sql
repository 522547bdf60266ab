create table visits (id number(10) primary key, page varchar2(100), at date default sysdate);
