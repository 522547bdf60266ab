-- 15: indexes that were found missing.
create index if not exists idx_conversations_user_id on conversations (user_id, last_message_at desc);
create index if not exists idx_messages_unflagged on messages (created_at) where not is_flagged;
create index if not exists idx_messages_model on messages (model_used);
create index if not exists idx_memories_core on ai_memories (user_id) where is_core_memory;
create index if not exists idx_documents_mime on documents (mime_type);
create index if not exists idx_gmail_unread on gmail_messages (user_id) where is_unread;
create index if not exists idx_calendar_range on calendar_events (user_id, start_time, end_time);
create index if not exists idx_conversations_company_status on conversations (company_id, status);
create index if not exists idx_messages_company_created on messages (company_id, created_at desc);
create index if not exists idx_members_user_role on company_members (user_id, role);
create index if not exists idx_slack_messages_company_ts on slack_messages (company_id, ts desc);
create index if not exists idx_slack_messages_text on slack_messages using gin (to_tsvector('english', text));
create index if not exists idx_slack_channels_company_name on slack_channels (company_id, name);
