comment on schema identity is 'People, their membership and rights, and how they prove who they are.';

comment on table identity.users is 'A person. Visible to those who share a town with them.';
comment on column identity.users.id is 'Identifier (UUIDv7).';
comment on column identity.users.name is 'Name that people see, 1-200 characters.';
comment on column identity.users.email is 'E-mail address; unique without regard to case.';
comment on column identity.users.email_verified is 'Whether the address was proven by a link.';
comment on column identity.users.image is 'Address of a picture.';
comment on column identity.users.is_vip is 'Whether attention ranking treats this person as very important.';
comment on column identity.users.time_zone is 'IANA zone, as in Europe/Berlin; times are shown in it.';
comment on column identity.users.quiet_from is 'Start of the quiet hours in the person''s zone; null means none.';
comment on column identity.users.quiet_to is 'End of the quiet hours; before quiet_from it is the next day.';
comment on column identity.users.preferences is 'The person''s own settings, by interface.';
comment on column identity.users.created_at is 'When the person was added.';
comment on column identity.users.updated_at is 'When the row last changed.';

comment on table identity.organization_members is 'A person''s role in an organization.';
comment on column identity.organization_members.organization_id is 'The organization.';
comment on column identity.organization_members.user_id is 'The person.';
comment on column identity.organization_members.role is 'owner, admin, manager, employee or contractor; owner and admin see boss_only rows of its towns.';
comment on column identity.organization_members.created_at is 'Since when.';

comment on table identity.town_members is 'A person''s role and limits in a town.';
comment on column identity.town_members.town_id is 'The town.';
comment on column identity.town_members.user_id is 'The person.';
comment on column identity.town_members.role is 'admin, user, or readonly (a guest: sees public rows, changes nothing).';
comment on column identity.town_members.attraction_ceiling is 'The highest attraction this person may set, 1-11.';
comment on column identity.town_members.created_at is 'Since when.';

comment on table identity.api_keys is 'Keys for programs. The key itself is shown once and never stored.';
comment on column identity.api_keys.id is 'Identifier (UUIDv7).';
comment on column identity.api_keys.town_id is 'The one town it opens.';
comment on column identity.api_keys.user_id is 'The person it acts as.';
comment on column identity.api_keys.name is 'What it is for, 1-200 characters.';
comment on column identity.api_keys.prefix is 'First characters of the key, to recognise it in a list.';
comment on column identity.api_keys.key_hash is 'SHA-256 of the key. Keys are 256 random bits, so a slow hash would add nothing.';
comment on column identity.api_keys.operations is 'Operation ids or module.* it is limited to; null means all that the role allows.';
comment on column identity.api_keys.personalities is 'Personality slugs it is limited to; null means all.';
comment on column identity.api_keys.created_at is 'When it was made.';
comment on column identity.api_keys.expires_at is 'When it stops working; null means never.';
comment on column identity.api_keys.revoked_at is 'When it was revoked; null while it works.';

comment on table identity.sessions is 'Signed-in browsers (better-auth).';
comment on column identity.sessions.id is 'Identifier.';
comment on column identity.sessions.user_id is 'Who is signed in.';
comment on column identity.sessions.token is 'Secret of the cookie.';
comment on column identity.sessions.ip_address is 'Where it was last used from.';
comment on column identity.sessions.user_agent is 'Browser that holds it.';
comment on column identity.sessions.expires_at is 'When it ends.';
comment on column identity.sessions.created_at is 'When it began.';
comment on column identity.sessions.updated_at is 'When it was last prolonged.';

comment on table identity.accounts is 'Ways in which a person signs in: a provider, or a password (better-auth).';
comment on column identity.accounts.id is 'Identifier.';
comment on column identity.accounts.user_id is 'The person.';
comment on column identity.accounts.account_id is 'The person''s id at the provider.';
comment on column identity.accounts.provider_id is 'The provider, or credential for a password.';
comment on column identity.accounts.access_token is 'The provider''s access token.';
comment on column identity.accounts.refresh_token is 'The provider''s refresh token.';
comment on column identity.accounts.id_token is 'The provider''s identity token.';
comment on column identity.accounts.access_token_expires_at is 'When the access token ends.';
comment on column identity.accounts.refresh_token_expires_at is 'When the refresh token ends.';
comment on column identity.accounts.scope is 'What the provider granted.';
comment on column identity.accounts.password is 'Hash of a password, where one is used.';
comment on column identity.accounts.created_at is 'When it was linked.';
comment on column identity.accounts.updated_at is 'When it last changed.';

comment on table identity.verifications is 'One-time proofs that are open, such as sign-in links (better-auth).';
comment on column identity.verifications.id is 'Identifier (UUIDv7), or a digest where better-auth makes it from what is proven.';
comment on column identity.verifications.identifier is 'What is proven.';
comment on column identity.verifications.value is 'The expected proof.';
comment on column identity.verifications.expires_at is 'When it ends.';
comment on column identity.verifications.created_at is 'When it was made.';
comment on column identity.verifications.updated_at is 'When it last changed.';
