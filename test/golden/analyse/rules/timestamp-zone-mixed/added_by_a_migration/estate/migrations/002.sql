alter table jobs add column ended_at timestamp;
