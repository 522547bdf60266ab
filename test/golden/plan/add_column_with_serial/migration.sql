alter table golden.places add column counted bigserial;
