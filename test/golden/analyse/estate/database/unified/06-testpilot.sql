-- 06: TestPilot, what-if runs over the pipeline.

CREATE TABLE IF NOT EXISTS testpilot_simulations (
    id SERIAL PRIMARY KEY,
    simulation_id VARCHAR(100) NOT NULL UNIQUE,
    name VARCHAR(255) NOT NULL,
    description TEXT,
    simulation_type VARCHAR(100),
    simulation_config JSONB,
    target_deal_id INTEGER REFERENCES deals(id),
    owner_id VARCHAR(50),
    status VARCHAR(50) DEFAULT 'draft',
    progress_percentage INTEGER DEFAULT 0,
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    estimated_completion TIMESTAMP,
    simulation_results JSONB,
    simulation_metrics JSONB,
    simulation_logs TEXT,
    ai_analysis JSONB,
    recommendations JSONB,
    confidence_score NUMERIC(3,2),
    gpu_usage_minutes INTEGER,
    cpu_usage_minutes INTEGER,
    memory_usage_mb INTEGER,
    cost_usd NUMERIC(10,4),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    created_by VARCHAR(100),
    tags TEXT[],
    is_active BOOLEAN DEFAULT TRUE
);

CREATE INDEX IF NOT EXISTS idx_testpilot_simulations_status ON testpilot_simulations (status);
CREATE INDEX IF NOT EXISTS idx_testpilot_simulations_target_deal_id ON testpilot_simulations (target_deal_id);

CREATE TABLE IF NOT EXISTS simulation_scenarios (
    id SERIAL PRIMARY KEY,
    simulation_id INTEGER REFERENCES testpilot_simulations(id) ON DELETE CASCADE,
    scenario_name VARCHAR(255) NOT NULL,
    scenario_description TEXT,
    scenario_config JSONB,
    scenario_type VARCHAR(100),
    scenario_results JSONB,
    scenario_metrics JSONB,
    baseline_comparison JSONB,
    best_case_comparison JSONB,
    worst_case_comparison JSONB,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_simulation_scenarios_simulation_id ON simulation_scenarios (simulation_id);

CREATE TABLE IF NOT EXISTS simulation_executions (
    id SERIAL PRIMARY KEY,
    simulation_id INTEGER REFERENCES testpilot_simulations(id) ON DELETE CASCADE,
    execution_id VARCHAR(100) NOT NULL UNIQUE,
    execution_type VARCHAR(50),
    execution_config JSONB,
    status VARCHAR(50) DEFAULT 'queued',
    progress_percentage INTEGER,
    started_at TIMESTAMP,
    completed_at TIMESTAMP,
    execution_results JSONB,
    execution_metrics JSONB,
    execution_logs TEXT,
    gpu_usage_minutes INTEGER,
    cpu_usage_minutes INTEGER,
    memory_usage_mb INTEGER,
    cost_usd NUMERIC(10,4),
    execution_time_seconds INTEGER,
    data_points_processed INTEGER,
    accuracy_score NUMERIC(3,2),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE INDEX IF NOT EXISTS idx_simulation_executions_simulation_id ON simulation_executions (simulation_id);

CREATE TABLE IF NOT EXISTS simulation_templates (
    id SERIAL PRIMARY KEY,
    template_name VARCHAR(255) NOT NULL UNIQUE,
    template_description TEXT,
    template_category VARCHAR(100),
    template_config JSONB NOT NULL,
    required_parameters JSONB,
    optional_parameters JSONB,
    created_by VARCHAR(100),
    version VARCHAR(20) DEFAULT '1.0',
    is_public BOOLEAN DEFAULT FALSE,
    is_active BOOLEAN DEFAULT TRUE,
    usage_count INTEGER DEFAULT 0,
    success_rate NUMERIC(3,2),
    average_execution_time INTEGER,
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE IF NOT EXISTS deal_simulations (
    id SERIAL PRIMARY KEY,
    deal_id INTEGER REFERENCES deals(id) ON DELETE CASCADE,
    simulation_id INTEGER REFERENCES testpilot_simulations(id) ON DELETE CASCADE,
    association_type VARCHAR(50),
    impact_score NUMERIC(3,2),
    recommendation_weight NUMERIC(3,2),
    created_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    updated_at TIMESTAMP DEFAULT CURRENT_TIMESTAMP,
    UNIQUE (deal_id, simulation_id)
);

CREATE INDEX IF NOT EXISTS idx_deal_simulations_simulation_id ON deal_simulations (simulation_id);

ALTER TABLE deals
    ADD COLUMN IF NOT EXISTS simulation_status VARCHAR(50),
    ADD COLUMN IF NOT EXISTS simulation_results JSONB,
    ADD COLUMN IF NOT EXISTS simulation_insights TEXT,
    ADD COLUMN IF NOT EXISTS simulation_recommendations JSONB,
    ADD COLUMN IF NOT EXISTS simulation_confidence NUMERIC(3,2),
    ADD COLUMN IF NOT EXISTS last_simulation_date TIMESTAMP,
    ADD COLUMN IF NOT EXISTS simulation_count INTEGER DEFAULT 0;
ALTER TABLE activities ADD COLUMN IF NOT EXISTS simulation_id INTEGER;
ALTER TABLE activities ADD COLUMN IF NOT EXISTS simulation_context JSONB;

CREATE OR REPLACE VIEW active_simulations AS
SELECT s.id, s.name, s.status, s.progress_percentage, d.deal_name, d.amount
FROM testpilot_simulations s
LEFT JOIN deals d ON d.id = s.target_deal_id
WHERE s.is_active AND s.status IN ('queued', 'running');

CREATE OR REPLACE VIEW simulation_analytics AS
SELECT simulation_type, count(*) AS runs, avg(confidence_score) AS confidence, sum(cost_usd) AS cost
FROM testpilot_simulations
GROUP BY simulation_type;

INSERT INTO simulation_templates (template_name, template_category, template_config, required_parameters, is_public) VALUES
    ('Deal probability', 'sales', '{"runs": 1000}', '{"deal_id": "integer"}', TRUE),
    ('Market opportunity', 'market', '{"runs": 500}', '{"segment": "text"}', TRUE),
    ('Pricing', 'sales', '{"runs": 2000}', '{"floor": "number", "ceiling": "number"}', TRUE),
    ('Velocity', 'sales', '{"runs": 1000}', '{"stage": "text"}', FALSE)
ON CONFLICT (template_name) DO NOTHING;
