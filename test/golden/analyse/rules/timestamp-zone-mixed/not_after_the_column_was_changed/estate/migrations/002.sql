alter table jobs alter column started_at type timestamptz using started_at at time zone 'UTC';
