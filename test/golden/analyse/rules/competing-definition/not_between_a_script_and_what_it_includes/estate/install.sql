\ir parts/notes.sql
\ir parts/people.sql
