create table orders (id uuid primary key, number text, created_at timestamptz, updated_at timestamptz);
create table order_lines (id uuid primary key, order_id uuid not null references orders(id), sku text, quantity integer, created_at timestamptz, updated_at timestamptz);
create index on order_lines (order_id);
