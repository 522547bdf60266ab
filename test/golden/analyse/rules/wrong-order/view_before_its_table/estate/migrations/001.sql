create view open_tasks as select id from tasks where not is_done;
