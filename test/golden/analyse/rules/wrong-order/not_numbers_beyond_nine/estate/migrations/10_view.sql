create view all_tasks as select id from tasks;
