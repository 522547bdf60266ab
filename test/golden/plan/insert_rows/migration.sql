insert into golden.parents values (11, 'new');
