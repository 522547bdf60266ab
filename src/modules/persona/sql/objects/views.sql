-- Older names of what stands in the tables; every one reads with the rights of whoever asks.

create or replace view persona.ai_personalities with (security_invoker = true) as
  select p.town_id, p.id, p.slug, p.name, c.slug as category, p.role, p.short_description, p.description,
    p.behavioral_traits as base_traits, p.avatar, p.attraction, p.gandhi_genghis, p.is_active, p.privacy,
    p.created_by, p.created_at, p.updated_at
  from persona.personalities p
  join persona.personality_categories c on c.town_id = p.town_id and c.id = p.category_id;
comment on view persona.ai_personalities is 'Personalities under their older name, with their category.';
comment on column persona.ai_personalities.town_id is 'The town.';
comment on column persona.ai_personalities.id is 'Identifier (UUIDv7).';
comment on column persona.ai_personalities.slug is 'Short name in addresses.';
comment on column persona.ai_personalities.name is 'Name that people see.';
comment on column persona.ai_personalities.category is 'Short name of its category.';
comment on column persona.ai_personalities.role is 'What it is for, in a few words.';
comment on column persona.ai_personalities.short_description is 'What it is, in a sentence or two.';
comment on column persona.ai_personalities.description is 'The whole of who it is, where it was given.';
comment on column persona.ai_personalities.base_traits is 'What it tends to do, by trait.';
comment on column persona.ai_personalities.avatar is 'Emoji or address of a picture.';
comment on column persona.ai_personalities.attraction is 'Slider: 1 (professional) to 11.';
comment on column persona.ai_personalities.gandhi_genghis is 'Slider: 1 (gentle) to 10 (forceful).';
comment on column persona.ai_personalities.is_active is 'Whether it is offered for new conversations.';
comment on column persona.ai_personalities.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column persona.ai_personalities.created_by is 'Person who made it.';
comment on column persona.ai_personalities.created_at is 'When it was made.';
comment on column persona.ai_personalities.updated_at is 'When it last changed.';

create or replace view persona.ai_mentors with (security_invoker = true) as
  select p.town_id, p.id, p.slug, p.name, coalesce(p.description, p.short_description) as description,
    (
      select a.system_prompt from persona.get_active_prompt(p.id, 'friendly') a
    ) as personality_prompt,
    p.voice_settings, p.behavioral_traits, p.knowledge_domains, p.interaction_style, p.emotional_range,
    p.tool_permissions, p.metadata, p.avatar, p.attraction, p.gandhi_genghis, p.is_active, p.privacy, p.created_by,
    p.created_at, p.updated_at
  from persona.personalities p
  join persona.personality_categories c on c.town_id = p.town_id and c.id = p.category_id
  where c.slug = 'mentors';
comment on view persona.ai_mentors is 'The personalities that are mentors.';
comment on column persona.ai_mentors.town_id is 'The town.';
comment on column persona.ai_mentors.id is 'Identifier (UUIDv7).';
comment on column persona.ai_mentors.slug is 'Short name in addresses.';
comment on column persona.ai_mentors.name is 'Name that people see.';
comment on column persona.ai_mentors.description is 'Who it is.';
comment on column persona.ai_mentors.personality_prompt is 'What the model is told it is, in the friendly mood.';
comment on column persona.ai_mentors.voice_settings is 'How it sounds where it speaks.';
comment on column persona.ai_mentors.behavioral_traits is 'What it tends to do, by trait.';
comment on column persona.ai_mentors.knowledge_domains is 'What it knows about.';
comment on column persona.ai_mentors.interaction_style is 'How it deals with people.';
comment on column persona.ai_mentors.emotional_range is 'Which emotions it shows, and how strongly.';
comment on column persona.ai_mentors.tool_permissions is 'Names of the tools that it may use.';
comment on column persona.ai_mentors.metadata is 'What else was kept of it where it came from.';
comment on column persona.ai_mentors.avatar is 'Emoji or address of a picture.';
comment on column persona.ai_mentors.attraction is 'Slider: 1 (professional) to 11.';
comment on column persona.ai_mentors.gandhi_genghis is 'Slider: 1 (gentle) to 10 (forceful).';
comment on column persona.ai_mentors.is_active is 'Whether it is offered for new conversations.';
comment on column persona.ai_mentors.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column persona.ai_mentors.created_by is 'Person who made it.';
comment on column persona.ai_mentors.created_at is 'When it was made.';
comment on column persona.ai_mentors.updated_at is 'When it last changed.';

create or replace view persona.mentor_moods with (security_invoker = true) as
  select p.town_id, o.id, p.id as mentor_id, p.slug as mentor, o.mood as mood_name,
    coalesce(o.avatar, p.avatar) as avatar, o.system_prompt as personality_prompt_override, o.version, o.privacy,
    o.created_at
  from persona.prompts o
  join persona.personalities p on p.town_id = o.town_id and p.id = o.personality_id
  join persona.personality_categories c on c.town_id = p.town_id and c.id = p.category_id
  where c.slug = 'mentors' and o.status = 'published';
comment on view persona.mentor_moods is 'How each mentor is in each mood: its published prompts.';
comment on column persona.mentor_moods.town_id is 'The town.';
comment on column persona.mentor_moods.id is 'The prompt.';
comment on column persona.mentor_moods.mentor_id is 'The mentor.';
comment on column persona.mentor_moods.mentor is 'Its short name.';
comment on column persona.mentor_moods.mood_name is 'The mood.';
comment on column persona.mentor_moods.avatar is 'How it looks in the mood.';
comment on column persona.mentor_moods.personality_prompt_override is 'What the model is told in the mood.';
comment on column persona.mentor_moods.version is 'Version of the prompt.';
comment on column persona.mentor_moods.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column persona.mentor_moods.created_at is 'When it was made.';

create or replace view persona.personality_settings with (security_invoker = true) as
  select i.town_id, i.id, i.user_id, i.personality_id, coalesce(i.attraction, p.attraction) as flirt_mode,
    coalesce(i.gandhi_genghis, p.gandhi_genghis) as gandhi_genghis_level,
    i.cocktail_lightning as cocktail_lightning_level, i.mood as current_mood, i.expression as current_expression,
    i.mode as personality_mode, i.last_active_at as updated_at, i.privacy
  from persona.personality_instances i
  join persona.personalities p on p.town_id = i.town_id and p.id = i.personality_id;
comment on view persona.personality_settings is 'Each person''s own settings of a personality.';
comment on column persona.personality_settings.town_id is 'The town.';
comment on column persona.personality_settings.id is 'Identifier (UUIDv7).';
comment on column persona.personality_settings.user_id is 'The person.';
comment on column persona.personality_settings.personality_id is 'The personality.';
comment on column persona.personality_settings.flirt_mode is 'Attraction 1-11, the personality''s where the person set none.';
comment on column persona.personality_settings.gandhi_genghis_level is '1-10, the personality''s where the person set none.';
comment on column persona.personality_settings.cocktail_lightning_level is 'A third slider, 0-100; null means unset.';
comment on column persona.personality_settings.current_mood is 'Mood the person pinned; null means the shared one.';
comment on column persona.personality_settings.current_expression is 'Face that it shows the person.';
comment on column persona.personality_settings.personality_mode is 'Mode the person chose; null means the shared one.';
comment on column persona.personality_settings.updated_at is 'When the person last used or set it.';
comment on column persona.personality_settings.privacy is 'Who may see it: public, team, private or boss_only.';

grant select on persona.ai_personalities, persona.ai_mentors, persona.mentor_moods, persona.personality_settings to robbieverse_app;
