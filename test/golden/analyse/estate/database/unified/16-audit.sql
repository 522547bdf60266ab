-- 16: the audit trail, now for each tenant.

create table if not exists audit_log (
    id uuid primary key default gen_random_uuid(),
    company_id uuid references companies(id),
    user_id uuid references users(id),
    action text not null,
    resource text not null,
    resource_id text,
    details jsonb,
    created_at timestamptz default now()
);

create index if not exists idx_audit_company_time on audit_log (company_id, created_at desc);
create index if not exists idx_audit_resource on audit_log (resource, resource_id);
create index if not exists idx_audit_user on audit_log (user_id);

create or replace function write_audit(p_company uuid, p_user uuid, p_action text, p_resource text, p_details jsonb)
returns void language plpgsql as $$
begin
    insert into audit_log (company_id, user_id, action, resource, details)
    values (p_company, p_user, p_action, p_resource, p_details);
end;
$$;
