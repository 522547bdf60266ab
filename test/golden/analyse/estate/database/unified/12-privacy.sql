-- 12: who may read a row: everybody, the team, its maker, or the boss.

alter table conversations add column if not exists privacy_level text not null default 'team'
    check (privacy_level in ('public', 'team', 'private', 'boss_only'));

alter table messages add column if not exists privacy_level text not null default 'team'
    check (privacy_level in ('public', 'team', 'private', 'boss_only'));

alter table ai_memories add column if not exists privacy_level text not null default 'team'
    check (privacy_level in ('public', 'team', 'private', 'boss_only'));

alter table documents add column if not exists privacy_level text not null default 'team'
    check (privacy_level in ('public', 'team', 'private', 'boss_only'));

alter table conversations enable row level security;
alter table messages enable row level security;
alter table ai_memories enable row level security;

create policy if not exists conversations_public on conversations
    for select using (privacy_level = 'public');
create policy if not exists conversations_own on conversations
    for select using (user_id = current_setting('app.user_id', true)::uuid);
create policy if not exists messages_public on messages
    for select using (privacy_level in ('public', 'team'));
create policy if not exists messages_own on messages
    for all using (exists (select 1 from conversations c
                           where c.id = conversation_id and c.user_id = current_setting('app.user_id', true)::uuid));
create policy if not exists memories_public on ai_memories
    for select using (privacy_level = 'public');
create policy if not exists memories_own on ai_memories
    for all using (user_id = current_setting('app.user_id', true)::uuid);

comment on column messages.privacy_level is 'public, team, private or boss_only';
