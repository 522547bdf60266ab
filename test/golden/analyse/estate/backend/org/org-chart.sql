-- Who works where, and who leads it.

create table if not exists departments (
    id uuid primary key default gen_random_uuid(),
    name text not null unique,
    head_id uuid references employees (id)
);

create table if not exists employees (
    id uuid primary key default gen_random_uuid(),
    department_id uuid not null references departments (id),
    full_name text not null,
    hired_on date
);

create index if not exists idx_departments_head on departments (head_id);
create index if not exists idx_employees_department on employees (department_id);

insert into departments (name) values ('Sales'), ('Operations');
