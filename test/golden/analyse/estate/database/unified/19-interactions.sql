-- 19: every touch with a person or a firm, and what it is worth.
-- company_id: the firm in the CRM. company_id_tenant: whose CRM it is.

create table if not exists interactions (
    id uuid primary key default gen_random_uuid(),
    interaction_type varchar(50) not null,
    direction varchar(20) not null check (direction in ('inbound', 'outbound')),
    person_id uuid references crm_contacts(id),
    company_id uuid references crm_companies(id),
    deal_id uuid references crm_deals(id),
    subject varchar(500),
    content text,
    summary text,
    source varchar(100),
    external_id varchar(200),
    thread_id varchar(200),
    opened_at timestamp,
    clicked_at timestamp,
    replied_at timestamp,
    time_spent_seconds integer,
    engagement_score numeric(3,2),
    sentiment varchar(20),
    urgency varchar(20),
    priority varchar(20) default 'normal',
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp,
    company_id_tenant uuid references companies(id),
    town_id uuid references towns(id),
    privacy_level varchar(20) default 'team' check (privacy_level in ('public', 'team', 'private', 'boss_only'))
);

create index if not exists idx_interactions_interaction_type on interactions (interaction_type);
create index if not exists idx_interactions_created_at on interactions (created_at desc);
create index if not exists idx_interactions_thread_id on interactions (thread_id);
create index if not exists idx_interactions_source_external_id on interactions (source, external_id);
create index if not exists idx_interactions_person_id on interactions (person_id);
create index if not exists idx_interactions_company_id on interactions (company_id);
create index if not exists idx_interactions_deal_id on interactions (deal_id);
create index if not exists idx_interactions_company_id_tenant on interactions (company_id_tenant);
create index if not exists idx_interactions_town_id on interactions (town_id);

create trigger interactions_touch before update on interactions
    for each row execute function update_updated_at_column();

alter table interactions enable row level security;
alter table interactions force row level security;
create policy interactions_tenant on interactions
    using (company_id_tenant in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists email_engagement (
    id uuid primary key default gen_random_uuid(),
    interaction_id uuid references interactions(id) on delete cascade,
    email_id varchar(200) not null unique,
    opened_at timestamp,
    open_count integer default 0,
    first_open_at timestamp,
    last_open_at timestamp,
    clicked_at timestamp,
    click_count integer default 0,
    first_click_at timestamp,
    last_click_at timestamp,
    clicked_links text[],
    replied_at timestamp,
    reply_count integer default 0,
    unsubscribed_at timestamp,
    unsubscribe_reason varchar(500),
    device_type varchar(50),
    location_country varchar(100),
    location_city varchar(100),
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);

create index if not exists idx_email_engagement_opened_at on email_engagement (opened_at desc);
create index if not exists idx_email_engagement_interaction_id on email_engagement (interaction_id);

create trigger email_engagement_touch before update on email_engagement
    for each row execute function update_updated_at_column();

create table if not exists website_activity (
    id uuid primary key default gen_random_uuid(),
    person_id uuid references crm_contacts(id),
    company_id uuid references crm_companies(id),
    page_url varchar(1000) not null,
    page_title varchar(500),
    referrer varchar(1000),
    session_id varchar(200),
    user_agent text,
    ip_address inet,
    time_on_page_seconds integer,
    scroll_depth_percent integer,
    bounce boolean default false,
    converted boolean default false,
    conversion_type varchar(100),
    conversion_value numeric(10,2),
    visited_at timestamp default current_timestamp,
    company_id_tenant uuid references companies(id),
    town_id uuid references towns(id)
);

create index if not exists idx_website_activity_session_id on website_activity (session_id);
create index if not exists idx_website_activity_visited_at on website_activity (visited_at desc);
create index if not exists idx_website_activity_person_id on website_activity (person_id);
create index if not exists idx_website_activity_company_id on website_activity (company_id);
create index if not exists idx_website_activity_company_id_tenant on website_activity (company_id_tenant);
create index if not exists idx_website_activity_town_id on website_activity (town_id);

alter table website_activity enable row level security;
alter table website_activity force row level security;
create policy website_activity_tenant on website_activity
    using (company_id_tenant in (select m.company_id from company_members m where m.user_id = current_setting('app.user_id', true)::uuid));

create table if not exists person_engagement_scores (
    id uuid primary key default gen_random_uuid(),
    person_id uuid unique references crm_contacts(id) on delete cascade,
    total_score numeric(5,2),
    email_score numeric(5,2),
    website_score numeric(5,2),
    social_score numeric(5,2),
    meeting_score numeric(5,2),
    total_interactions integer default 0,
    email_interactions integer,
    website_visits integer,
    social_interactions integer,
    meetings integer,
    last_interaction_at timestamp,
    last_email_at timestamp,
    last_website_visit_at timestamp,
    last_social_at timestamp,
    last_meeting_at timestamp,
    score_trend varchar(20),
    activity_trend varchar(20),
    calculated_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);

create index if not exists idx_person_engagement_scores_total_score on person_engagement_scores (total_score desc);

create trigger person_engagement_scores_touch before update on person_engagement_scores
    for each row execute function update_updated_at_column();

create table if not exists company_engagement_scores (
    id uuid primary key default gen_random_uuid(),
    company_id uuid unique references crm_companies(id) on delete cascade,
    total_score numeric(5,2),
    email_score numeric(5,2),
    website_score numeric(5,2),
    social_score numeric(5,2),
    meeting_score numeric(5,2),
    total_interactions integer default 0,
    unique_people_interacted integer,
    email_interactions integer,
    website_visits integer,
    social_interactions integer,
    meetings integer,
    last_interaction_at timestamp,
    last_email_at timestamp,
    last_website_visit_at timestamp,
    last_social_at timestamp,
    last_meeting_at timestamp,
    score_trend varchar(20),
    activity_trend varchar(20),
    calculated_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);

create index if not exists idx_company_engagement_scores_total_score on company_engagement_scores (total_score desc);

create trigger company_engagement_scores_touch before update on company_engagement_scores
    for each row execute function update_updated_at_column();

create table if not exists engagement_rules (
    id uuid primary key default gen_random_uuid(),
    rule_name varchar(200) not null unique,
    rule_type varchar(50) not null,
    conditions jsonb not null,
    base_score numeric(3,2) not null,
    multiplier numeric(3,2) default 1.0,
    max_score numeric(3,2) default 1.0,
    decay_hours integer default 168,
    decay_factor numeric(3,2) default 0.5,
    active boolean default true,
    priority integer default 100,
    created_at timestamp default current_timestamp,
    updated_at timestamp default current_timestamp
);

create index if not exists idx_engagement_rules_rule_type on engagement_rules (rule_type);

insert into engagement_rules (rule_name, rule_type, conditions, base_score) values
    ('Mail opened', 'email', '{"event": "open"}', 0.10),
    ('Mail clicked', 'email', '{"event": "click"}', 0.20),
    ('Mail answered', 'email', '{"event": "reply"}', 0.30),
    ('Page visited', 'website', '{"event": "visit"}', 0.10),
    ('Converted', 'website', '{"event": "conversion"}', 0.50),
    ('LinkedIn', 'social', '{"network": "linkedin"}', 0.15),
    ('Slack, inbound', 'social', '{"network": "slack", "direction": "inbound"}', 0.20),
    ('Meeting', 'meeting', '{}', 0.40),
    ('Stayed on a page', 'website', '{"min_seconds": 300}', 0.20),
    ('More than three views', 'website', '{"min_views": 4}', 0.15)
on conflict (rule_name) do nothing;

create or replace view recent_interactions as
select i.id, i.interaction_type, i.subject, i.created_at, p.email, c.name as company
from interactions i
left join crm_contacts p on p.id = i.person_id
left join crm_companies c on c.id = i.company_id
where i.created_at > now() - interval '30 days';

create or replace view warm_people as
select p.id, p.email, s.total_score, s.score_trend
from person_engagement_scores s
join crm_contacts p on p.id = s.person_id
where s.total_score >= 0.5;

-- Scores were whole numbers before.
alter table contacts add column if not exists engagement_score numeric(5,2);
alter table contacts add column if not exists engagement_calculated_at timestamp;

comment on table interactions is 'One touch: mail, call, meeting, visit, message';
comment on column interactions.company_id_tenant is 'The tenant; company_id is the firm';
