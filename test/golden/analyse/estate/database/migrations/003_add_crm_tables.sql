-- CRM. Amounts in cents.
-- Stages: lead, qualified, discovery, proposal, negotiation, verbal, won, closed.

create table if not exists companies (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    name text not null,
    domain text,
    industry text,
    employee_count integer default 0,
    revenue_range text,
    headquarters jsonb,
    website text,
    phone text,
    email text,
    linkedin_url text,
    description text,
    tags text[],
    is_vip boolean default false,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_companies_domain on companies (domain);
create index if not exists idx_companies_org_id on companies (org_id);

create table if not exists contacts (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    company_id uuid references companies(id) on delete set null,
    first_name text not null,
    last_name text not null,
    email text,
    phone text,
    job_title text,
    linkedin_url text,
    avatar_url text,
    notes text,
    tags text[],
    is_vip boolean default false,
    last_contacted_at timestamptz,
    created_at timestamptz default now(),
    updated_at timestamptz default now()
);

create index if not exists idx_contacts_email on contacts (email);
create index if not exists idx_contacts_org_id on contacts (org_id);
create index if not exists idx_contacts_company_id on contacts (company_id);

create table if not exists deals (
    id uuid primary key default gen_random_uuid(),
    org_id uuid not null references organizations(id) on delete cascade,
    company_id uuid references companies(id),
    primary_contact_id uuid references contacts(id),
    owner_id uuid references users(id),
    name text not null,
    amount_cents bigint default 0,
    currency varchar(3) default 'USD',
    stage text default 'lead' check (stage in ('lead', 'qualified', 'discovery', 'proposal', 'negotiation', 'verbal', 'won', 'closed')),
    is_closed boolean default false,
    closed_reason text,
    expected_close_date date,
    probability integer check (probability between 0 and 100),
    notes text,
    tags text[],
    created_at timestamptz default now(),
    updated_at timestamptz default now(),
    closed_at timestamptz
);

create index if not exists idx_deals_stage on deals (stage);
create index if not exists idx_deals_org_id on deals (org_id);
create index if not exists idx_deals_company_id on deals (company_id);
create index if not exists idx_deals_primary_contact_id on deals (primary_contact_id);
create index if not exists idx_deals_owner_id on deals (owner_id);

create table if not exists deal_activities (
    id uuid primary key default gen_random_uuid(),
    deal_id uuid not null references deals(id) on delete cascade,
    user_id uuid references users(id) on delete set null,
    activity_type text not null,
    description text,
    metadata jsonb default '{}',
    created_at timestamptz default now()
);

create index if not exists idx_deal_activities_created_at on deal_activities (created_at desc);
create index if not exists idx_deal_activities_deal_id on deal_activities (deal_id);
create index if not exists idx_deal_activities_user_id on deal_activities (user_id);
