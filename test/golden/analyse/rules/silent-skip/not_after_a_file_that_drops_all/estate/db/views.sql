create view seconds as select id from readings where unit = 's';
