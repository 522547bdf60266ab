import type { DoorName } from './door.ts'

/** What must be shown: in words, the doors it is shown over, and for an operation its address. */
export type Requirement = { text: string; doors?: readonly DoorName[]; http?: string }

const every = ['http', 'mcp', 'cli'] as const

const operation = (http: string, text: string) => ({ http, text, doors: every }) satisfies Requirement

/** Every operation that must exist, with its fixed address, over HTTP, MCP and CLI alike. */
export const operationRequirements = {
  'persona.list': operation(
    'GET /v1/personalities',
    'lists personalities with sliders, category, active prompt per mood',
  ),
  'persona.get': operation('GET /v1/personalities/{slug}', 'shows one personality'),
  'persona.create': operation(
    'POST /v1/personalities',
    'makes a personality that has a prompt for each mood',
  ),
  'persona.update': operation(
    'PATCH /v1/personalities/{slug}',
    'changes a personality and publishes new prompt versions',
  ),
  'persona.prompt': operation(
    'GET /v1/personalities/{slug}/prompt',
    'shows the active prompt: systemPrompt, tone, style, emojiGuidelines, version',
  ),
  'persona.settings': operation(
    'PATCH /v1/personalities/{slug}/instance',
    "sets the caller's sliders and mood; clamps attraction to the ceiling and says so",
  ),
  'persona.mood': operation(
    'POST /v1/personalities/{slug}/mood',
    'takes keywords, private, explicit mood, trigger and explanation; answers new state and mood event',
  ),
  'persona.mood_events': operation('GET /v1/mood-events', 'lists mood events newest first'),
  'presence.state': operation('GET /v1/personalities/{slug}/state', 'shows mood, mode, energy, focus'),
  'presence.history': operation(
    'GET /v1/personalities/{slug}/states',
    'lists the states a personality was in, newest first',
  ),
  'presence.update': operation(
    'PATCH /v1/personalities/{slug}/state',
    'changes the state under an optimistic version; a stale one is a conflict',
  ),
  'conversation.create': operation('POST /v1/conversations', 'begins a conversation'),
  'conversation.list': operation('GET /v1/conversations', 'lists conversations'),
  'conversation.get': operation('GET /v1/conversations/{id}', 'shows a conversation'),
  'conversation.archive': operation(
    'DELETE /v1/conversations/{id}',
    'archives a conversation without erasing it',
  ),
  'conversation.send': operation(
    'POST /v1/conversations/{id}/messages',
    'answers both messages, the mood, what was recalled and why',
  ),
  'conversation.messages': operation('GET /v1/conversations/{id}/messages', 'lists messages oldest first'),
  'conversation.append': operation(
    'POST /v1/conversations/{id}/messages/bulk',
    'stores history from elsewhere, without a reply, idempotent by externalId',
  ),
  'conversation.update': operation(
    'PATCH /v1/conversations/{id}',
    'changes title, type, tags and importance; a stale version is a conflict',
  ),
  'conversation.messages.edit': operation('PATCH /v1/messages/{id}', 'edits what the caller said'),
  'conversation.messages.delete': operation('DELETE /v1/messages/{id}', 'hides the text of a message'),
  'conversation.messages.pin': operation('POST /v1/messages/{id}/pin', 'pins a message'),
  'conversation.messages.flag': operation('POST /v1/messages/{id}/flag', 'flags a message with a reason'),
  'conversation.messages.react': operation('POST /v1/messages/{id}/reactions', 'reacts to a message'),
  'conversation.messages.history': operation(
    'GET /v1/messages/{id}/history',
    'lists the former texts of a message',
  ),
  'conversation.context': operation(
    'GET /v1/conversations/{id}/context',
    'answers context within a budget, as openai, anthropic or parts with token counts',
  ),
  'memory.remember': operation('POST /v1/memories', 'keeps a memory with its evidence'),
  'memory.list': operation('GET /v1/memories', 'lists memories'),
  'memory.get': operation('GET /v1/memories/{id}', 'shows a memory'),
  'memory.update': operation('PATCH /v1/memories/{id}', 'corrects a memory'),
  'memory.forget': operation('DELETE /v1/memories/{id}', 'erases a memory'),
  'memory.recall': operation(
    'GET /v1/memories/recall',
    'recalls memories and messages with score and reasons',
  ),
  'memory.notes.learning': operation('GET /v1/notes/learning', 'works out from surfacings which notes help'),
  'memory.notes.lock': operation('POST /v1/notes/{id}/lock', 'locks a note for its creator'),
  'memory.notes.unlock': operation('POST /v1/notes/{id}/unlock', 'unlocks a note'),
  'memory.notes.favorite': operation('POST /v1/notes/{id}/favorite', "makes a note the caller's favourite"),
  'memory.notes.unfavorite': operation('DELETE /v1/notes/{id}/favorite', 'takes a note off the favourites'),
  'memory.notes.surface': operation('POST /v1/notes/{id}/surfaces', 'keeps that a note surfaced'),
  'memory.notes.react': operation('POST /v1/note-surfaces/{id}/reaction', 'keeps what came of a surfacing'),
  'knowledge.documents.store': operation('POST /v1/documents/whole', 'keeps a document with its chunks'),
  'knowledge.verify': operation('POST /v1/articles/{id}/verification', 'keeps who verified an article'),
  'knowledge.use': operation('POST /v1/articles/{id}/uses', 'counts that an article was used'),
  'search.find': operation('POST /v1/search', 'finds things of every kind, and keeps the search'),
  'search.embeddings.put': operation('POST /v1/embeddings', "keeps the vectors of the caller's texts"),
  'search.embeddings.take': operation('POST /v1/embeddings/lookup', 'answers with kept vectors'),
  'town.create': operation('POST /v1/towns', 'makes a town with the shipped personalities'),
  'town.list': operation('GET /v1/towns', 'lists the towns of the caller'),
  'identity.members': operation('GET /v1/members', 'lists the members of the town'),
  'identity.members.add': operation(
    'POST /v1/members',
    'makes a person a member, with a first key that is shown once',
  ),
  'identity.members.update': operation('PATCH /v1/members/{id}', 'changes role and ceiling of a member'),
  'identity.members.remove': operation(
    'DELETE /v1/members/{id}',
    'takes a member out; their keys of the town and their sessions end',
  ),
  'identity.me': operation('GET /v1/me', "shows the caller's profile"),
  'identity.me.update': operation('PATCH /v1/me', "changes the caller's profile"),
  'identity.sessions.list': operation('GET /v1/sessions', "lists the caller's sessions"),
  'identity.sessions.end': operation('DELETE /v1/sessions/{id}', "ends a session of the caller's"),
  'identity.accounts.list': operation('GET /v1/accounts', 'lists the ways in which the caller signed in'),
  'identity.former_members': operation('GET /v1/former-members', 'lists who left the town'),
  'identity.organizations.create': operation('POST /v1/organizations', 'makes an organization'),
  'identity.organizations.list': operation(
    'GET /v1/organizations',
    "lists the caller's organizations with their role and towns",
  ),
  'identity.organization_members.list': operation(
    'GET /v1/organizations/{id}/members',
    'lists the members of an organization',
  ),
  'identity.organization_members.set': operation(
    'PATCH /v1/organizations/{id}/members/{person}',
    'gives a person a role in an organization; not above the caller',
  ),
  'identity.organization_members.remove': operation(
    'DELETE /v1/organizations/{id}/members/{person}',
    'takes a person out of an organization',
  ),
  'identity.invitations.create': operation(
    'POST /v1/invitations',
    'invites a person by address, with a token that is shown once',
  ),
  'identity.invitations.list': operation('GET /v1/invitations', 'lists the invitations into the town'),
  'identity.invitations.revoke': operation('DELETE /v1/invitations/{id}', 'takes an invitation back'),
  'identity.invitations.accept': operation(
    'POST /v1/invitations/accept',
    'makes the caller a member of the town they are invited into',
  ),
  'journal.audit.list': operation('GET /v1/journal/audit', 'lists who changed what, newest first'),
  'journal.audit.verify': operation('GET /v1/journal/audit/verify', 'proves the audit chain'),
  'journal.events.list': operation('GET /v1/journal/events', 'lists what happened, newest first'),
  'identity.sign_in_link': operation(
    'POST /v1/sign-in-links',
    'makes a link that signs in the caller, or for an admin another member',
  ),
  'identity.whoami': operation('GET /v1/whoami', 'says who the caller is'),
  'identity.keys.create': operation('POST /v1/api-keys', 'makes a key that works and is shown once'),
  'identity.keys.list': operation('GET /v1/api-keys', 'lists keys without showing them'),
  'identity.keys.revoke': operation('DELETE /v1/api-keys/{id}', 'ends a key'),
  'crm.person_scores': operation('GET /v1/engagement/people', 'shows how interested people are'),
  'crm.company_scores': operation('GET /v1/engagement/companies', 'shows how interested companies are'),
  'insight.pipeline_by_stage': operation('GET /v1/insight/pipeline-by-stage', 'shows deals in each stage'),
  'insight.deal_forecast': operation('GET /v1/insight/deal-forecast', 'shows what open deals may bring'),
  'insight.win_rates': operation('GET /v1/insight/win-rates', 'shows deals won and lost by month'),
  'insight.activity_by_day': operation('GET /v1/insight/activity-by-day', 'counts interactions by day'),
  'insight.workload_by_person': operation(
    'GET /v1/insight/workload-by-person',
    'shows what each person looks after',
  ),
  'insight.ai_costs': operation('GET /v1/insight/ai-costs', 'shows what models used and cost by day'),
  'insight.communication_analytics': operation(
    'GET /v1/insight/communication-analytics',
    'shows mail and Slack of each person by day',
  ),
  'agenda.tasks.complete': operation('POST /v1/tasks/{id}/complete', 'marks a task as done'),
  'agenda.tasks.reopen': operation('POST /v1/tasks/{id}/reopen', 'opens a task again'),
  'agenda.commitments.complete': operation('POST /v1/commitments/{id}/complete', 'marks a promise as kept'),
  'agenda.commitments.cancel': operation('POST /v1/commitments/{id}/cancel', 'calls a promise off'),
  'agenda.commitments.add_progress': operation(
    'POST /v1/commitments/{id}/progress',
    'notes how a promise gets on',
  ),
  'agenda.calendar.conflicts': operation(
    'GET /v1/calendar-events/conflicts',
    'lists pairs of events of a person that overlap',
  ),
  'agenda.calendar.free_busy': operation(
    'GET /v1/calendar-events/free-busy',
    'says when people are busy, and when all of them are free',
  ),
  'agenda.attention.top': operation(
    'GET /v1/attention/top',
    'shows the seven most important and the three most urgent, with reasons',
  ),
  'agenda.attention.snooze': operation(
    'POST /v1/attention/{id}/snooze',
    'puts an item out of sight for a while',
  ),
  'agenda.attention.done': operation('POST /v1/attention/{id}/done', 'says that an item was dealt with'),
  'agenda.attention.dismiss': operation('POST /v1/attention/{id}/dismiss', 'puts an item away unheeded'),
  'presence.notifications.acknowledge': operation(
    'POST /v1/notifications/{id}/acknowledge',
    'acknowledges for every interface',
  ),
  'presence.interfaces.heartbeat': operation(
    'POST /v1/interfaces/{id}/heartbeat',
    'says that an interface is still there',
  ),
  'platform.status': operation('GET /v1/status', 'says version, back end, migrations, drift, queue, sizes'),
  'google.access': operation(
    'GET /v1/google/accounts/{id}/access',
    'tells what of an account the caller may see',
  ),
  'google.shared_mails': operation(
    'GET /v1/google/accounts/{id}/mails',
    'lists mails of an account of which a rule opens them to the caller',
  ),
  'google.shared_threads': operation(
    'GET /v1/google/accounts/{id}/threads',
    'lists threads of an account of which a rule opens them to the caller',
  ),
  'google.shared_events': operation(
    'GET /v1/google/accounts/{id}/events',
    'lists events of an account of which a rule opens them to the caller',
  ),
  'google.shared_files': operation(
    'GET /v1/google/accounts/{id}/files',
    'lists files of an account of which a rule opens them to the caller',
  ),
  'google.shared_tasks': operation(
    'GET /v1/google/accounts/{id}/tasks',
    'lists tasks of an account of which a rule opens them to the caller',
  ),
  'google.shared_contacts': operation(
    'GET /v1/google/accounts/{id}/contacts',
    'lists contacts of an account of which a rule opens them to the caller',
  ),
  'google.mark_thread': operation(
    'PATCH /v1/google/threads/{id}',
    'says what a person holds of a thread of mails',
  ),
  'slack.mark_message': operation(
    'PATCH /v1/slack/messages/{id}',
    'says what a person holds of a Slack message',
  ),
  'linkedin.link_profile': operation('PATCH /v1/linkedin/profiles/{id}', 'says which contact a profile is'),
  'platform.config.list': operation('GET /v1/config', 'lists what the town has chosen, and the defaults'),
  'platform.config.get': operation('GET /v1/config/{key}', 'shows a setting, never a sensitive value'),
  'platform.config.set': operation('PATCH /v1/config/{key}', 'chooses a value of the type of the setting'),
  'platform.config.reset': operation('DELETE /v1/config/{key}', 'brings a setting back to its default'),
  'platform.config.history': operation('GET /v1/config-history', 'lists changes of settings newest first'),
  'platform.secrets.list': operation('GET /v1/secrets', 'lists secrets without showing them'),
  'platform.secrets.set': operation('POST /v1/secrets', 'keeps a secret that is never shown again'),
  'platform.secrets.rotate': operation('POST /v1/secrets/{id}/rotate', 'replaces a secret'),
  'platform.secrets.delete': operation('DELETE /v1/secrets/{id}', 'removes a secret'),
  'platform.health.now': operation('GET /v1/service-health/now', 'shows the newest probe of each service'),
  'platform.widgets.use': operation('POST /v1/widgets/{id}/use', 'counts that a site used a widget'),
  'platform.training.report': operation(
    'POST /v1/training-jobs/{id}/report',
    'says how far a training job is, until it ends',
  ),
  'simulation.executions.report': operation(
    'POST /v1/simulation-executions/{id}/report',
    'says how far an execution is and what came out, until it ends',
  ),
  'sharing.grant': operation('POST /v1/share-grants', 'puts a read-only copy into another town'),
  'sharing.revoke': operation('POST /v1/share-grants/{id}/revoke', 'takes a copy back out of another town'),
  'sharing.shared.list': operation('GET /v1/shared/{kind}', 'lists what other towns share with this one'),
  'sharing.shared.get': operation('GET /v1/shared/{kind}/{id}', 'shows a thing that another town shares'),
  'sharing.sweep': operation('POST /v1/shared/sweep', 'removes copies whose time is over'),
  'sharing.govern': operation('POST /v1/governed-towns', 'puts a town under this one, or lets it go'),
  'sharing.analytics': operation('GET /v1/cross-town-analytics', 'counts what governed towns hold'),
} as const satisfies Record<string, Requirement>

/** What is promised across operations. Deploy and the isolation of tables have suites of their own. */
const promises = {
  'start.first': {
    text: 'the first start makes home, owner, sign-in link and a key file for its owner only',
  },
  'start.remembers': { text: 'after kill -9 and a new start the conversation is remembered', doors: every },
  'door.same-json': { text: 'one conversation read over every door is the same JSON' },
  'door.next-read': { text: 'a message sent by one door is in the next read of the others' },
  'door.same-refusals': { text: 'every door refuses alike, with the same code' },
  'door.streams': { text: 'a reply is streamed in pieces over HTTP and MCP' },
  'list.shape': { text: 'a list answers items and nextCursor, and pages are complete and without doubles' },
  'list.ties': { text: 'paging stays complete under concurrent inserts with tied timestamps' },
  'idempotency.replay': {
    text: 'a repeated Idempotency-Key answers to the byte and acts once',
    doors: every,
  },
  'idempotency.reuse': { text: 'the same key with another input is refused' },
  'idempotency.kill': { text: 'the same key works across kill -9' },
  'mood.rules': { text: 'moods follow the rules over all sliders and keywords' },
  'mood.ceiling': { text: "attraction above a member's ceiling is clamped, and said so", doors: every },
  'mood.explicit': { text: 'a chosen mood stays until a keyword calls for another' },
  'mood.events': { text: 'every change of mood or slider is a mood event with previous and new values' },
  'version.stale': { text: 'a change on a stale version is a conflict, also when two race' },
  'history.idempotent': { text: 'appending the same history again adds nothing' },
  'history.branches': { text: 'branches are kept, and context follows the current leaf' },
  'context.budget': { text: 'context is never over budget, counted independently' },
  'context.anthropic': { text: 'context for Anthropic begins with the user and alternates roles' },
  'context.parts': { text: 'parts sum up to the tokens that are reported' },
  'recall.identifiers': { text: 'exact identifiers are found among many that resemble them' },
  'recall.reasons': { text: 'each result has a score, its parts and reasons' },
  'recall.private': { text: "recall hides other people's private rows" },
  'recall.archived': { text: 'archived conversations are still recalled' },
  'forget.erases': { text: 'no byte of a forgotten text remains in any table, and the audit chain verifies' },
  'events.gapless': { text: 'event numbers have no gap under 50 concurrent writers in two towns' },
  'events.replay': { text: 'the event stream replays what the table holds, and resumes after Last-Event-ID' },
  'events.live': { text: 'without Last-Event-ID the stream begins now' },
  'events.hidden': { text: 'events that a listener may not see arrive as bare numbers' },
  'audit.chain': { text: 'the audit chain verifies, and a changed row breaks it' },
  'resource.doors': {
    text: 'each kind of thing that the kit keeps is the same over every door',
    doors: every,
  },
  'people.privacy': {
    text: 'owner, member and guest see what privacy allows, in lists, by id and in recall',
  },
  'people.guest': { text: 'a guest reads and changes nothing, and signs in' },
  'people.towns': { text: 'nothing of a town is visible or writable from another' },
  'key.operations': { text: 'a key limited to operations does nothing else', doors: every },
  'key.personalities': { text: 'a key limited to personalities sees nothing of the others' },
  'key.ends': { text: 'expired, revoked and unknown keys are refused with their own code' },
  'people.rights': { text: 'nobody gives or takes what stands above them, and the last admin stays' },
  'sign-in.again': { text: 'whoever may read the home signs in as often as they like' },
  'sign-in.once': { text: 'a sign-in link works once, and the session acts as the person' },
  'model.stream': { text: "a model's reply is streamed and kept, from both kinds of provider" },
  'model.failure': {
    text: 'when a model fails the message is kept as unanswered, and the same key answers it once',
  },
  'model.cancel': { text: 'when the client goes away the model is let go' },
  'kill.messages': { text: 'kill -9 loses, doubles and halves no message' },
  'bad-input.http': { text: 'bad input over HTTP is a problem document, never a 5xx, and writes nothing' },
  'bad-input.mcp': { text: 'bad input over MCP is a problem document and writes nothing' },
  'bad-input.cli': { text: 'bad input on the command line is a problem document and an exit code' },
} as const satisfies Record<string, Requirement>

export const requirements = { ...operationRequirements, ...promises }

export type RequirementId = keyof typeof requirements
