create policy notes_read on notes for select using (true);
