create table orders (id integer primary key, total numeric(12,2), amount_cents bigint, discount_rate double precision, cost_usd decimal);
create table runs (id integer primary key, learning_rate double precision, loss double precision, price_elasticity_score real, cost_per_token numeric, balance_accuracy real, water_amount_ml real);
