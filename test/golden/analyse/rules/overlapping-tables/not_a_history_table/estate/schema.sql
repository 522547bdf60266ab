create table notes (id uuid primary key, title text, body text);
create table notes_history (id uuid primary key, note_id uuid references notes(id), old_values jsonb, new_values jsonb, changed_at timestamptz);
