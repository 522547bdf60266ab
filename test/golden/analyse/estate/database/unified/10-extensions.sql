-- 10: extensions, for those who start here.
create extension if not exists "uuid-ossp";
create extension if not exists "vector";
create extension if not exists "pgcrypto";
