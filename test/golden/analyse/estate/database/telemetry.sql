-- How the interfaces are used. Taken over from the statistics server.
create table if not exists interface_telemetry (
    id bigint primary key generated always as identity,
    interface varchar(20) not null,
    event varchar(80) not null,
    recorded_at timestamptz not null default now(),
    INDEX idx_telemetry_time (recorded_at)
);

insert into interface_telemetry (interface, event) values ('chat', 'installed');
