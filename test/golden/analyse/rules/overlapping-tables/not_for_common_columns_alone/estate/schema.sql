create table colours (id uuid primary key, name text not null, description text, created_at timestamptz, updated_at timestamptz);
create table warehouses (id uuid primary key, name text not null, description text, created_at timestamptz, updated_at timestamptz);
