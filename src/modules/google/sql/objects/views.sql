create or replace view google.email_messages with (security_invoker = true) as
  select m.town_id, m.id, t.id as thread_id, m.google_user_id, m.external_id as message_id, m.from_email, m.from_name,
    m.to_emails, m.cc_emails, m.subject, m.body_text, m.body_html, m.is_from_user, m.sent_at, m.received_at, m.privacy,
    m.created_by, m.created_at
  from google.gmail_messages m
  left join google.email_threads t
    on t.town_id = m.town_id and t.google_user_id = m.google_user_id and t.external_id = m.thread_external_id;
comment on view google.email_messages is 'Mails with the thread they belong to.';
comment on column google.email_messages.town_id is 'The town.';
comment on column google.email_messages.id is 'The mail.';
comment on column google.email_messages.thread_id is 'Its thread; null where that is not mirrored.';
comment on column google.email_messages.google_user_id is 'Account whose mailbox it lies in.';
comment on column google.email_messages.message_id is 'Gmail''s id of the mail.';
comment on column google.email_messages.from_email is 'Address of the sender.';
comment on column google.email_messages.from_name is 'Name of the sender.';
comment on column google.email_messages.to_emails is 'Addresses it went to.';
comment on column google.email_messages.cc_emails is 'Addresses that got a copy.';
comment on column google.email_messages.subject is 'Subject line.';
comment on column google.email_messages.body_text is 'Its text.';
comment on column google.email_messages.body_html is 'Its text as HTML.';
comment on column google.email_messages.is_from_user is 'Whether the account''s person sent it.';
comment on column google.email_messages.sent_at is 'When it was sent.';
comment on column google.email_messages.received_at is 'When Gmail took it in.';
comment on column google.email_messages.privacy is 'Who may see it.';
comment on column google.email_messages.created_by is 'Person who keeps it.';
comment on column google.email_messages.created_at is 'When it was mirrored first.';

create or replace view google.google_user_activity_summary with (security_invoker = true) as
  select u.town_id, u.id as google_user_id, u.user_id, u.email, u.full_name,
    (select count(*) from google.gmail_messages m
      where m.town_id = u.town_id and m.google_user_id = u.id) as mail_count,
    (select count(*) from google.gmail_messages m
      where m.town_id = u.town_id and m.google_user_id = u.id and m.is_unread) as unread_mail_count,
    (select count(*) from google.google_calendar_events e
      where e.town_id = u.town_id and e.google_user_id = u.id and e.status <> 'cancelled') as event_count,
    (select count(*) from google.drive_files f
      where f.town_id = u.town_id and f.google_user_id = u.id
        and not f.is_trashed and f.removed_reason is null) as file_count,
    (select count(*) from google.google_tasks k
      where k.town_id = u.town_id and k.google_user_id = u.id and k.status <> 'completed') as open_task_count,
    (select count(*) from google.google_contacts c
      where c.town_id = u.town_id and c.google_user_id = u.id) as contact_count,
    (select max(m.received_at) from google.gmail_messages m
      where m.town_id = u.town_id and m.google_user_id = u.id) as last_mail_at,
    (select max(s.synced_at) from google.google_sync_streams s
      where s.town_id = u.town_id and s.google_user_id = u.id) as last_synced_at
  from google.google_workspace_users u;
comment on view google.google_user_activity_summary is 'One row an account, with counts of what the reader sees of it.';
comment on column google.google_user_activity_summary.town_id is 'The town.';
comment on column google.google_user_activity_summary.google_user_id is 'The account.';
comment on column google.google_user_activity_summary.user_id is 'Person whose account it is.';
comment on column google.google_user_activity_summary.email is 'Address of the account.';
comment on column google.google_user_activity_summary.full_name is 'Name as Google shows it.';
comment on column google.google_user_activity_summary.mail_count is 'Mails mirrored.';
comment on column google.google_user_activity_summary.unread_mail_count is 'Mails of those that are unread.';
comment on column google.google_user_activity_summary.event_count is 'Events mirrored, without cancelled ones.';
comment on column google.google_user_activity_summary.file_count is 'Files mirrored, without those in the bin or gone.';
comment on column google.google_user_activity_summary.open_task_count is 'Tasks mirrored that are not done.';
comment on column google.google_user_activity_summary.contact_count is 'Contacts mirrored.';
comment on column google.google_user_activity_summary.last_mail_at is 'When the newest mail came in.';
comment on column google.google_user_activity_summary.last_synced_at is 'When a synchronization last ended well.';

grant select on google.email_messages, google.google_user_activity_summary to robbieverse_app;
