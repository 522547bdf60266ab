create index event_log_text_idx on event_log (text);
insert into event_log (id, text) values (1, 'begun');
