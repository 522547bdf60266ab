comment on schema town is 'Towns (isolation units) and the organizations that own or take part in them.';

comment on table town.organizations is 'A company or group; owns towns or takes part in them.';
comment on column town.organizations.id is 'Identifier (UUIDv7).';
comment on column town.organizations.slug is 'Short unique name in addresses.';
comment on column town.organizations.name is 'Name that people see, 1-200 characters.';
comment on column town.organizations.domain is 'Internet domain of its addresses.';
comment on column town.organizations.kind is 'What it is, as in company or agency.';
comment on column town.organizations.settings is 'Its own settings, by name.';
comment on column town.organizations.created_at is 'When it was made.';

comment on table town.towns is 'A data-isolation unit: one tenant, and the shard on Citus.';
comment on column town.towns.id is 'Identifier (UUIDv7); leads every key of the town''s rows.';
comment on column town.towns.slug is 'Short unique name in addresses.';
comment on column town.towns.name is 'Name that people see, 1-200 characters.';
comment on column town.towns.description is 'What it is for.';
comment on column town.towns.region is 'Where its people are.';
comment on column town.towns.metadata is 'Facts of another system that have no column here, by name.';
comment on column town.towns.governed_by is 'The capital town, whose bosses see counts of this one; null where none governs it.';
comment on column town.towns.created_at is 'When it was made.';

comment on table town.organization_towns is 'Which organization owns or takes part in which town.';
comment on column town.organization_towns.organization_id is 'The organization.';
comment on column town.organization_towns.town_id is 'The town.';
comment on column town.organization_towns.part is 'owner or participant.';
comment on column town.organization_towns.settings is 'Settings of the organization for the town, by name.';
comment on column town.organization_towns.created_at is 'Since when.';
