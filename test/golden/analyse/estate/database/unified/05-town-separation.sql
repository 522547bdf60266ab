-- 05: every town sees its own records through views of its own.

create table if not exists towns (
    id serial primary key,
    name varchar(50) not null unique,
    display_name varchar(100) not null,
    description text,
    region varchar(50),
    owner_email varchar(255),
    owner_name varchar(255),
    is_active boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);

create index if not exists idx_towns_is_active on towns (is_active);

create table if not exists town_users (
    id serial primary key,
    town_id integer references towns(id) on delete cascade,
    user_id varchar(50) not null,
    user_email varchar(255),
    user_name varchar(255),
    role varchar(50) default 'user',
    permissions jsonb default '{}',
    is_active boolean default true,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    unique (town_id, user_id)
);

insert into towns (name, display_name, region, owner_name) values
    ('aurora', 'Aurora', 'US', 'Allan'),
    ('fluenti', 'Fluenti', 'US', 'Tom'),
    ('collaboration', 'Collaboration', null, null),
    ('vengeance', 'Vengeance', 'EU', null)
on conflict (name) do nothing;

create or replace view aurora_companies as select * from companies where owner_id = 'aurora';
create or replace view aurora_contacts as select * from contacts where owner_id = 'aurora';
create or replace view aurora_deals as select * from deals where owner_id = 'aurora';
create or replace view aurora_activities as select * from activities where owner_id = 'aurora';

create or replace view fluenti_companies as select * from companies where owner_id = 'fluenti';
create or replace view fluenti_contacts as select * from contacts where owner_id = 'fluenti';
create or replace view fluenti_deals as select * from deals where owner_id = 'fluenti';
create or replace view fluenti_activities as select * from activities where owner_id = 'fluenti';

create or replace view collaboration_companies as select * from companies where owner_id = 'collaboration';
create or replace view collaboration_contacts as select * from contacts where owner_id = 'collaboration';
create or replace view collaboration_deals as select * from deals where owner_id = 'collaboration';
create or replace view collaboration_activities as select * from activities where owner_id = 'collaboration';

create or replace view vengeance_companies as select * from companies where owner_id = 'vengeance';
create or replace view vengeance_contacts as select * from contacts where owner_id = 'vengeance';
create or replace view vengeance_deals as select * from deals where owner_id = 'vengeance';
create or replace view vengeance_activities as select * from activities where owner_id = 'vengeance';

create or replace view cross_town_analytics as
select c.owner_id as town,
       count(distinct c.id) as companies,
       count(distinct d.id) as deals,
       coalesce(sum(d.amount), 0) as pipeline
from companies c
left join deals d on d.company_id = c.id
group by c.owner_id;

-- The town the connection speaks for.
create or replace function current_town() returns text
language sql immutable
as $$ select current_setting('app.current_town', true) $$;

create or replace function get_town_data(p_town text, p_table text) returns setof jsonb
language plpgsql stable as $$
begin
    if p_table not in ('companies', 'contacts', 'deals', 'activities') then
        raise exception 'No such table: %', p_table;
    end if;
    return query execute format('select to_jsonb(t) from %I t where t.owner_id = $1', p_table) using p_town;
end
$$;

alter table companies enable row level security;
alter table contacts enable row level security;
alter table deals enable row level security;
alter table activities enable row level security;

-- Switched on later, once every service sets app.current_town:
-- create policy companies_of_town on companies using (owner_id = current_town());
-- create policy contacts_of_town on contacts using (owner_id = current_town());
-- create policy deals_of_town on deals using (owner_id = current_town());
-- create policy activities_of_town on activities using (owner_id = current_town());
