comment on schema presence is 'One state in every interface.';

comment on table presence.ai_personality_state is 'The shared state of a personality in this town.';
comment on column presence.ai_personality_state.town_id is 'The town.';
comment on column presence.ai_personality_state.id is 'Identifier (UUIDv7).';
comment on column presence.ai_personality_state.personality_id is 'The personality; one row each.';
comment on column presence.ai_personality_state.mood is 'Current mood.';
comment on column presence.ai_personality_state.is_mood_explicit is 'Whether somebody chose the mood: it then stays until a keyword calls for another.';
comment on column presence.ai_personality_state.mode is 'What it is doing, free text of 1-50 characters.';
comment on column presence.ai_personality_state.energy is 'low, normal or high.';
comment on column presence.ai_personality_state.focus is 'available, focused or busy.';
comment on column presence.ai_personality_state.version is 'Rises with every change; an update that names an older one is refused.';
comment on column presence.ai_personality_state.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column presence.ai_personality_state.created_by is 'Person who made it; owner of private rows.';
comment on column presence.ai_personality_state.updated_at is 'When it last changed.';

comment on table presence.ai_state_history is 'What the shared state was, version by version.';
comment on column presence.ai_state_history.town_id is 'The town.';
comment on column presence.ai_state_history.id is 'Identifier (UUIDv7).';
comment on column presence.ai_state_history.personality_id is 'The personality.';
comment on column presence.ai_state_history.at is 'Since when.';
comment on column presence.ai_state_history.version is 'Version of the state.';
comment on column presence.ai_state_history.mood is 'Mood.';
comment on column presence.ai_state_history.mode is 'Mode.';
comment on column presence.ai_state_history.energy is 'Energy.';
comment on column presence.ai_state_history.focus is 'Focus.';
comment on column presence.ai_state_history.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column presence.ai_state_history.created_by is 'Person who made it; owner of private rows.';

