-- The memory part alone, in the order that works.
\set ON_ERROR_STOP on
\ir ../backend/schema.sql
\ir ../backend/schema-personalities.sql
\ir ../backend/schema-mood-events.sql
\echo done
