create or replace view memory.surfaced_notes_view with (security_invoker = true) as
  select n.town_id, n.id, n.title, n.content, n.category, c.display_name as category_name,
    coalesce(n.color, c.color) as color, c.icon, n.priority, n.tags, n.surface_status, n.surface_priority,
    n.surface_reason, n.context_tags, n.linked_people, s.last_surfaced_at, s.surface_count, s.dismissed_count,
    n.privacy, n.created_by, n.created_at, n.updated_at
  from memory.sticky_notes n
  left join memory.sticky_categories c on c.town_id = n.town_id and c.slug = n.category
  left join lateral (
    select max(s.surfaced_at) as last_surfaced_at, count(*) as surface_count,
      count(*) filter (where s.action = 'dismissed') as dismissed_count
    from memory.sticky_note_surfaces s
    where s.town_id = n.town_id and s.note_id = n.id
  ) s on true
  where n.surface_status in ('surfaced', 'always_visible');
comment on view memory.surfaced_notes_view is
  'Sticky notes that are in view: surfaced and always visible ones, with their category and how often they surfaced.';
comment on column memory.surfaced_notes_view.town_id is 'The town.';
comment on column memory.surfaced_notes_view.id is 'The note.';
comment on column memory.surfaced_notes_view.title is 'Title.';
comment on column memory.surfaced_notes_view.content is 'What it says.';
comment on column memory.surfaced_notes_view.category is 'Short name of its category.';
comment on column memory.surfaced_notes_view.category_name is 'Name of its category, as people see it.';
comment on column memory.surfaced_notes_view.color is 'Its colour, or that of its category.';
comment on column memory.surfaced_notes_view.icon is 'Emoji of its category.';
comment on column memory.surfaced_notes_view.priority is 'low, medium, high or critical.';
comment on column memory.surfaced_notes_view.tags is 'Words to find it by.';
comment on column memory.surfaced_notes_view.surface_status is 'surfaced or always_visible.';
comment on column memory.surfaced_notes_view.surface_priority is 'Place among surfaced notes, 0-100, highest first.';
comment on column memory.surfaced_notes_view.surface_reason is 'Why it surfaced.';
comment on column memory.surfaced_notes_view.context_tags is 'Situations in which it is of use.';
comment on column memory.surfaced_notes_view.linked_people is 'Names or addresses of people it is about.';
comment on column memory.surfaced_notes_view.last_surfaced_at is 'When it last surfaced; null when never.';
comment on column memory.surfaced_notes_view.surface_count is 'How often it surfaced.';
comment on column memory.surfaced_notes_view.dismissed_count is 'How often it was dismissed.';
comment on column memory.surfaced_notes_view.privacy is 'Who may see it: public, team, private or boss_only.';
comment on column memory.surfaced_notes_view.created_by is 'Person who made it.';
comment on column memory.surfaced_notes_view.created_at is 'When it was made.';
comment on column memory.surfaced_notes_view.updated_at is 'When it last changed.';
grant select on memory.surfaced_notes_view to robbieverse_app;
