create temp table batch (id uuid primary key, note text);
