-- 17: what HubSpot sends, per tenant. company_id is the tenant, not the firm.

create table if not exists crm_companies (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    hubspot_id text,
    name text,
    domain text,
    updated_at timestamptz default now(),
    last_sync timestamptz,
    unique (company_id, hubspot_id)
);

create index if not exists idx_crm_companies_domain on crm_companies (domain);
create index if not exists idx_crm_companies_name on crm_companies (name);

create trigger crm_companies_touch before update on crm_companies
    for each row execute function update_updated_at_column();

alter table crm_companies enable row level security;
alter table crm_companies force row level security;
create policy crm_companies_tenant on crm_companies
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists crm_contacts (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    hubspot_id text,
    first_name text,
    last_name text,
    email text,
    phone text,
    updated_at timestamptz default now(),
    last_sync timestamptz,
    unique (company_id, hubspot_id)
);

create index if not exists idx_crm_contacts_lower_email on crm_contacts (lower(email));
create index if not exists idx_crm_contacts_last_name_first_name on crm_contacts (last_name, first_name);

create trigger crm_contacts_touch before update on crm_contacts
    for each row execute function update_updated_at_column();

alter table crm_contacts enable row level security;
alter table crm_contacts force row level security;
create policy crm_contacts_tenant on crm_contacts
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

comment on table crm_contacts is 'People we sell to: name, email, phone and the company they work for';

create table if not exists crm_deals (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    hubspot_id text,
    name text,
    amount numeric,
    stage text,
    close_date timestamptz,
    updated_at timestamptz default now(),
    last_sync timestamptz,
    unique (company_id, hubspot_id)
);

create index if not exists idx_crm_deals_stage on crm_deals (stage);
create index if not exists idx_crm_deals_close_date on crm_deals (close_date);

create trigger crm_deals_touch before update on crm_deals
    for each row execute function update_updated_at_column();

alter table crm_deals enable row level security;
alter table crm_deals force row level security;
create policy crm_deals_tenant on crm_deals
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists crm_emails (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id) on delete cascade,
    external_id text,
    subject text,
    sender text,
    recipients jsonb,
    body text,
    sent_at timestamptz,
    updated_at timestamptz default now(),
    unique (company_id, external_id)
);

create index if not exists idx_crm_emails_sent_at on crm_emails (sent_at desc);

create trigger crm_emails_touch before update on crm_emails
    for each row execute function update_updated_at_column();

alter table crm_emails enable row level security;
alter table crm_emails force row level security;
create policy crm_emails_tenant on crm_emails
    using (company_id in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create or replace view crm_pipeline as
select company_id, stage, count(*) as deals, sum(amount) as value
from crm_deals
group by company_id, stage;
