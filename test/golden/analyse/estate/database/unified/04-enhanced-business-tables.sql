-- ============================================================================
-- 04: CRM, filled from HubSpot. owner_id holds the town that owns the record.
-- ============================================================================

CREATE TABLE IF NOT EXISTS companies (
    id SERIAL PRIMARY KEY,
    hubspot_id VARCHAR(255) NOT NULL UNIQUE,
    name VARCHAR(255),
    domain VARCHAR(255),
    industry VARCHAR(255),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    last_sync TIMESTAMP,
    owner_id VARCHAR(50),
    owner_email VARCHAR(255),
    owner_name VARCHAR(255),
    linkedin_url VARCHAR(255),
    has_deals BOOLEAN DEFAULT FALSE,
    total_deal_count INTEGER DEFAULT 0,
    open_deal_count INTEGER DEFAULT 0,
    won_deal_count INTEGER DEFAULT 0,
    total_deal_value NUMERIC(12,2),
    open_deal_value NUMERIC(12,2),
    won_deal_value NUMERIC(12,2),
    last_deal_date TIMESTAMP,
    last_won_date TIMESTAMP,
    embedding VECTOR(1536),
    active_deals_summary JSONB,
    deals_last_analyzed TIMESTAMP,
    market_intelligence JSONB,
    is_active BOOLEAN DEFAULT TRUE NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_companies_domain ON companies (domain);
CREATE INDEX IF NOT EXISTS idx_companies_owner_id ON companies (owner_id);

CREATE TABLE IF NOT EXISTS contacts (
    id SERIAL PRIMARY KEY,
    hubspot_id VARCHAR(255) NOT NULL UNIQUE,
    company_id INTEGER REFERENCES companies(id),
    email VARCHAR(255),
    first_name VARCHAR(255),
    last_name VARCHAR(255),
    job_title VARCHAR(255),
    phone VARCHAR(255),
    mobile_phone VARCHAR(50),
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    last_sync TIMESTAMP,
    owner_id VARCHAR(50),
    linkedin_url VARCHAR(255),
    linkedin_bio TEXT,
    is_engaged BOOLEAN DEFAULT FALSE,
    engagement_score INTEGER DEFAULT 0,
    last_engagement_date TIMESTAMP,
    engagement_type VARCHAR(50),
    engagement_count INTEGER DEFAULT 0,
    last_email_open TIMESTAMP,
    last_email_click TIMESTAMP,
    last_meeting_date TIMESTAMP,
    last_reply_date TIMESTAMP,
    has_deals BOOLEAN DEFAULT FALSE,
    total_deal_count INTEGER DEFAULT 0,
    open_deal_count INTEGER DEFAULT 0,
    won_deal_count INTEGER DEFAULT 0,
    total_deal_value NUMERIC(12,2),
    open_deal_value NUMERIC(12,2),
    won_deal_value NUMERIC(12,2),
    last_deal_date TIMESTAMP,
    last_won_date TIMESTAMP,
    is_primary_on_deals INTEGER DEFAULT 0,
    last_activity_date TIMESTAMP,
    last_activity_type VARCHAR(50),
    activity_count INTEGER DEFAULT 0,
    embedding VECTOR(1536),
    full_name TEXT GENERATED ALWAYS AS (COALESCE(first_name, '') || ' ' || COALESCE(last_name, '')) STORED,
    is_active BOOLEAN DEFAULT TRUE NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_contacts_email ON contacts (email);
CREATE INDEX IF NOT EXISTS idx_contacts_company_id ON contacts (company_id);
CREATE INDEX IF NOT EXISTS idx_contacts_owner_id ON contacts (owner_id);

COMMENT ON TABLE contacts IS 'People we sell to: name, email, phone and the company they work for';

CREATE TABLE IF NOT EXISTS deals (
    id SERIAL PRIMARY KEY,
    hubspot_id VARCHAR(255) NOT NULL UNIQUE,
    deal_name VARCHAR(255),
    amount NUMERIC(12,2),
    pipeline VARCHAR(255),
    dealstage VARCHAR(255),
    close_date TIMESTAMP,
    create_date TIMESTAMP,
    hs_lastmodifieddate TIMESTAMP,
    dealtype VARCHAR(255),
    hs_forecast_category VARCHAR(100),
    hs_forecast_probability NUMERIC(5,2),
    hs_manual_forecast_category VARCHAR(100),
    hs_next_step TEXT,
    owner_id VARCHAR(50),
    is_closed BOOLEAN DEFAULT FALSE,
    closed_won BOOLEAN DEFAULT FALSE,
    closed_lost_reason VARCHAR(255),
    company_id INTEGER REFERENCES companies(id),
    primary_contact_id INTEGER REFERENCES contacts(id),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    last_sync TIMESTAMP,
    deal_embedding VECTOR(1536),
    hs_deal_score INTEGER,
    intelligence_score INTEGER,
    intelligence_updated_at TIMESTAMP,
    latest_intelligence_report JSONB,
    velocity_status VARCHAR(50),
    recommended_stage VARCHAR(255),
    predicted_close_date DATE,
    deal_score INTEGER,
    risks JSONB,
    opportunities JSONB,
    timing_analysis JSONB,
    progression_analysis JSONB,
    formatted_report TEXT,
    ai_insights TEXT,
    calculated_probability INTEGER GENERATED ALWAYS AS (CASE dealstage WHEN 'closedwon' THEN 100 WHEN 'closedlost' THEN 0 WHEN 'contractsent' THEN 80 WHEN 'qualified' THEN 40 ELSE 20 END) STORED,
    is_active BOOLEAN DEFAULT TRUE NOT NULL
);

CREATE INDEX IF NOT EXISTS idx_deals_dealstage ON deals (dealstage);
CREATE INDEX IF NOT EXISTS idx_deals_close_date ON deals (close_date);
CREATE INDEX IF NOT EXISTS idx_deals_company_id ON deals (company_id);
CREATE INDEX IF NOT EXISTS idx_deals_primary_contact_id ON deals (primary_contact_id);

CREATE TABLE IF NOT EXISTS deal_contacts (
    id SERIAL PRIMARY KEY,
    deal_id INTEGER REFERENCES deals(id) ON DELETE CASCADE,
    contact_id INTEGER REFERENCES contacts(id) ON DELETE CASCADE,
    role VARCHAR(100),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (deal_id, contact_id)
);

CREATE TABLE IF NOT EXISTS activities (
    id SERIAL PRIMARY KEY,
    hubspot_activity_id VARCHAR(255) NOT NULL UNIQUE,
    activity_type VARCHAR(50) NOT NULL,
    activity_subtype VARCHAR(100),
    contact_id INTEGER REFERENCES contacts(id),
    company_id INTEGER REFERENCES companies(id),
    deal_id INTEGER REFERENCES deals(id),
    owner_id VARCHAR(50),
    subject TEXT,
    body_preview TEXT,
    direction VARCHAR(20),
    status VARCHAR(50),
    duration_minutes INTEGER,
    outcome VARCHAR(100),
    page_url TEXT,
    page_title VARCHAR(500),
    session_id VARCHAR(255),
    referrer_url TEXT,
    utm_source VARCHAR(100),
    utm_campaign VARCHAR(255),
    form_name VARCHAR(255),
    form_values JSONB,
    chat_transcript TEXT,
    objections_mentioned TEXT[],
    sentiment_score NUMERIC(3,2),
    activity_date TIMESTAMP NOT NULL,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    metadata JSONB DEFAULT '{}',
    sync_status VARCHAR(50) DEFAULT 'pending',
    embedding VECTOR(1536)
);

CREATE INDEX IF NOT EXISTS idx_activities_activity_date ON activities (activity_date DESC);
CREATE INDEX IF NOT EXISTS idx_activities_contact_id ON activities (contact_id);
CREATE INDEX IF NOT EXISTS idx_activities_company_id ON activities (company_id);
CREATE INDEX IF NOT EXISTS idx_activities_deal_id ON activities (deal_id);

-- Keeps the counters of a company right.
CREATE OR REPLACE FUNCTION refresh_company_deals() RETURNS TRIGGER AS $$
BEGIN
    UPDATE companies c
    SET has_deals = TRUE,
        total_deal_count = (SELECT count(*) FROM deals d WHERE d.company_id = c.id),
        total_deal_value = (SELECT coalesce(sum(d.amount), 0) FROM deals d WHERE d.company_id = c.id)
    WHERE c.id = NEW.company_id;
    RETURN NEW;
END;
$$ LANGUAGE plpgsql;

CREATE TRIGGER deals_refresh_company AFTER INSERT OR UPDATE OF amount, company_id ON deals
    FOR EACH ROW EXECUTE FUNCTION refresh_company_deals();
CREATE TRIGGER contacts_touch BEFORE UPDATE ON contacts
    FOR EACH ROW EXECUTE FUNCTION update_updated_at_column();

CREATE OR REPLACE VIEW pipeline_by_stage AS
SELECT dealstage, count(*) AS deals, sum(amount) AS value, avg(calculated_probability) AS probability
FROM deals
WHERE is_active AND NOT is_closed
GROUP BY dealstage;
