comment on schema search is 'The one index over everything that can be recalled.';

comment on table search.search_index is
  'One row a recallable thing. Granted to nobody: text operators are not leakproof, so under row-level security their indexes go unused; only the functions of this schema read it, and carry town and privacy themselves.';
comment on column search.search_index.town_id is 'The town.';
comment on column search.search_index.id is 'Identifier (UUIDv7).';
comment on column search.search_index.kind is 'Kind of the source: memory, message, ...';
comment on column search.search_index.source_id is 'The row it stands for.';
comment on column search.search_index.parent_id is 'What the source belongs to: the conversation of a message.';
comment on column search.search_index.personality_id is 'Personality it concerns, where there is one.';
comment on column search.search_index.person is 'Who said it or whom it is about.';
comment on column search.search_index.title is 'Heading, where the source has one.';
comment on column search.search_index.content is 'The text that is found.';
comment on column search.search_index.terms is 'Stemmed words of person, title and content with their positions.';
comment on column search.search_index.importance is '1 (trivial) to 10 (vital).';
comment on column search.search_index.at is 'When it was said or became known.';
comment on column search.search_index.starts_at is 'From when on it is found; null means at once.';
comment on column search.search_index.ends_at is 'From when on it is found no more; null means never.';
comment on column search.search_index.privacy is 'Who may find it: the source''s.';
comment on column search.search_index.created_by is 'The source''s creator.';
