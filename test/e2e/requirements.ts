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
  'platform.status': operation('GET /v1/status', 'says version, back end, migrations, drift, queue, sizes'),
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
  'notification.doors': {
    text: 'an interface that is live acknowledges a notification for all of them',
    doors: every,
  },
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
