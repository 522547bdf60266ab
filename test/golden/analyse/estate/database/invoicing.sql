-- What tenants owe us.
create table if not exists subscription_invoices (
    id uuid primary key default gen_random_uuid(),
    invoice_number text not null unique,
    period daterange not null,
    amount_usd double precision not null check (amount_usd >= 0),
    tax_amount real not null default 0,
    discount_rate double precision not null default 0,
    paid_at timestamptz
);
