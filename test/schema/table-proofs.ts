import { createHash } from 'node:crypto'

import type { Value } from '../support/operation-context.ts'

/** Calls an operation as an admin of the town, or as whoever `key` belongs to. */
export type Call = (operation: string, input?: Value, idempotencyKey?: string) => Promise<Value>

/** What a browser asks for when somebody opens a sign-in link. */
export const OPEN_LINK = 'GET /v1/auth/link'

/** What proofs stand on: the town's admin, a second town of theirs, and the door that people sign in by. */
export type Ground = {
  call: Call
  abroad: Call
  abroadSlug: string
  /** Opens a sign-in link as a browser does; answers the profile of whom it signs in. */
  open(link: string): Promise<Value>
  fresh(word: string): string
}

/** How a table that no resource stands for is written and read. */
export type Proof = {
  /** The operation, or the opening of a link, that makes its row, and the one that shows it; both must be called. */
  writtenBy: string
  readBy: string
  /** Calls both, and answers what the second one showed. */
  prove(ground: Ground): Promise<Value>
  /** What of a new row the answer must hold: a column, or what is made of the row. */
  shows: string | ((row: Value) => unknown)
}

const SHORT = { shortDescription: 'Any.' }

async function newPersonality({ call, fresh }: Ground): Promise<string> {
  return (await call('persona.create', { slug: fresh('any'), name: 'Any', ...SHORT })).slug
}

async function newMember({ call, fresh }: Ground): Promise<Value> {
  const name = fresh('member')
  await call('identity.members.add', { name, email: `${name}@example.org`, role: 'user' })
  return call('identity.members', { limit: 100 })
}

/** Signs in by a link: the admin, or who is named. */
async function signIn({ call, open }: Ground, person?: string): Promise<Value> {
  const { link } = await call('identity.sign_in_link', person === undefined ? {} : { person })
  return open(link)
}

async function newOrganization({ call, fresh }: Ground): Promise<string> {
  return (await call('identity.organizations.create', { slug: fresh('firm'), name: 'A firm' })).id
}

async function newConversation({ call }: Ground): Promise<string> {
  return (await call('conversation.create', { personality: 'robbie-f' })).id
}

async function newNote({ call, fresh }: Ground): Promise<string> {
  const note = { title: fresh('note'), content: 'Worth knowing.', category: 'intel' }
  return (await call('memory.notes.create', note)).id
}

/** What another town is given, as it shows it. */
function sharing(kind: string, given: (ground: Ground) => Promise<Value>): Proof {
  return {
    writtenBy: 'sharing.grant',
    readBy: 'sharing.shared.list',
    shows: 'grant_id',
    prove: async (ground) => {
      await ground.call('sharing.grant', { kind, town: ground.abroadSlug, ...(await given(ground)) })
      return ground.abroad('sharing.shared.list', { kind })
    },
  }
}

/** Every table that cannot be proved by create or upsert, and get, of a resource of its own. */
export const tableProofs: Record<string, Proof> = {
  towns: {
    writtenBy: 'town.create',
    readBy: 'town.list',
    shows: 'id',
    prove: async ({ call, fresh }) => {
      await call('town.create', { slug: fresh('town'), name: 'One more' })
      return call('town.list', { limit: 100 })
    },
  },
  organizations: {
    writtenBy: 'identity.organizations.create',
    readBy: 'identity.organizations.list',
    shows: 'id',
    prove: async (ground) => {
      await newOrganization(ground)
      return ground.call('identity.organizations.list', { limit: 100 })
    },
  },
  organization_towns: {
    writtenBy: 'town.create',
    readBy: 'identity.organizations.list',
    shows: 'town_id',
    prove: async ({ call, fresh }) => {
      await call('town.create', { slug: fresh('town'), name: 'Owned' })
      return call('identity.organizations.list', { limit: 100 })
    },
  },
  organization_members: {
    writtenBy: 'identity.organization_members.set',
    readBy: 'identity.organization_members.list',
    shows: 'user_id',
    prove: async (ground) => {
      const id = await newOrganization(ground)
      const name = ground.fresh('member')
      const added = { name, email: `${name}@example.org` }
      const { member } = await ground.call('identity.members.add', added)
      await ground.call('identity.organization_members.set', { id, person: member.userId, role: 'manager' })
      return ground.call('identity.organization_members.list', { id })
    },
  },
  former_members: {
    writtenBy: 'identity.members.remove',
    readBy: 'identity.former_members',
    shows: 'user_id',
    prove: async ({ call, fresh }) => {
      const name = fresh('member')
      const { member } = await call('identity.members.add', { name, email: `${name}@example.org` })
      await call('identity.members.remove', { id: member.userId })
      return call('identity.former_members', { limit: 100 })
    },
  },
  sessions: {
    writtenBy: OPEN_LINK,
    readBy: 'identity.sessions.list',
    shows: 'id',
    prove: async (ground) => {
      await signIn(ground)
      return ground.call('identity.sessions.list', { limit: 100 })
    },
  },
  accounts: {
    writtenBy: OPEN_LINK,
    readBy: 'identity.accounts.list',
    shows: 'id',
    prove: async (ground) => {
      await signIn(ground)
      return ground.call('identity.accounts.list')
    },
  },
  verifications: {
    writtenBy: 'identity.sign_in_link',
    readBy: OPEN_LINK,
    // Whom a link signs in stands in its row alone.
    shows: (row) => JSON.parse(row.value).email,
    prove: async (ground) => {
      const name = ground.fresh('guest')
      const person = `${name}@example.org`
      await ground.call('identity.members.add', { name, email: person })
      return signIn(ground, person)
    },
  },
  users: {
    writtenBy: 'identity.members.add',
    readBy: 'identity.members',
    shows: 'email',
    prove: async (ground) => newMember(ground),
  },
  town_members: {
    writtenBy: 'identity.members.add',
    readBy: 'identity.members',
    shows: 'user_id',
    prove: async (ground) => newMember(ground),
  },
  api_keys: {
    writtenBy: 'identity.keys.create',
    readBy: 'identity.keys.list',
    shows: 'id',
    prove: async ({ call }) => {
      await call('identity.keys.create', { name: 'proof' })
      return call('identity.keys.list', { limit: 100 })
    },
  },
  invitations: {
    writtenBy: 'identity.invitations.create',
    readBy: 'identity.invitations.list',
    shows: 'id',
    prove: async ({ call, fresh }) => {
      await call('identity.invitations.create', { email: `${fresh('guest')}@example.org` })
      return call('identity.invitations.list', { limit: 100 })
    },
  },
  search_index: {
    writtenBy: 'memory.remember',
    readBy: 'memory.recall',
    shows: 'source_id',
    prove: async ({ call }) => {
      await call('memory.remember', { content: 'The okapi eats at noon.' })
      return call('memory.recall', { q: 'okapi' })
    },
  },
  events: {
    writtenBy: 'crm.companies.create',
    readBy: 'journal.events.list',
    shows: 'id',
    prove: async ({ call }) => {
      const { id } = await call('crm.companies.create', { name: 'Eventful' })
      return call('journal.events.list', { entityId: id })
    },
  },
  audit_log: {
    writtenBy: 'crm.companies.create',
    readBy: 'journal.audit.list',
    shows: 'id',
    prove: async ({ call }) => {
      const { id } = await call('crm.companies.create', { name: 'Audited' })
      return call('journal.audit.list', { entityId: id })
    },
  },
  heads: {
    writtenBy: 'crm.companies.create',
    readBy: 'journal.audit.verify',
    // The chain is proved up to the row that was written last.
    shows: 'audit_seq',
    prove: async ({ call }) => {
      await call('crm.companies.create', { name: 'Chained' })
      return call('journal.audit.verify')
    },
  },
  idempotency_keys: {
    writtenBy: 'crm.companies.create',
    readBy: 'crm.companies.create',
    shows: 'reply',
    // Whoever repeats a request is answered from what the first one left.
    prove: async ({ call, fresh }) => {
      const key = fresh('key')
      await call('crm.companies.create', { name: 'Once' }, key)
      return call('crm.companies.create', { name: 'Once' }, key)
    },
  },
  embedding_cache: {
    writtenBy: 'search.embeddings.put',
    readBy: 'search.embeddings.take',
    shows: 'content_hash',
    prove: async ({ call, fresh }) => {
      const model = fresh('model')
      const hash = createHash('sha256').update(model).digest('hex')
      await call('search.models.create', { name: model, provider: 'here', dimensions: 2 })
      await call('search.embeddings.put', { model, items: [{ hash, vector: [1, 2] }] })
      return call('search.embeddings.take', { model, hashes: [hash] })
    },
  },
  moods: {
    writtenBy: 'town.create',
    readBy: 'persona.moods.list',
    shows: 'id',
    prove: async ({ call, fresh }) => {
      const slug = fresh('moody')
      await call('town.create', { slug, name: 'Moody' })
      return call(`persona.moods.list@${slug}`)
    },
  },
  personalities: {
    writtenBy: 'persona.create',
    readBy: 'persona.get',
    shows: 'id',
    prove: async (ground) => ground.call('persona.get', { slug: await newPersonality(ground) }),
  },
  prompts: {
    writtenBy: 'persona.create',
    readBy: 'persona.prompt',
    shows: 'system_prompt',
    prove: async (ground) => ground.call('persona.prompt', { slug: await newPersonality(ground) }),
  },
  personality_instances: {
    writtenBy: 'persona.settings',
    readBy: 'presence.state',
    shows: 'mode',
    prove: async (ground) => {
      const slug = await newPersonality(ground)
      await ground.call('persona.settings', { slug, mode: 'for me alone' })
      return ground.call('presence.state', { slug })
    },
  },
  mood_events: {
    writtenBy: 'persona.mood',
    readBy: 'persona.mood_events',
    shows: 'id',
    prove: async (ground) => {
      const slug = await newPersonality(ground)
      await ground.call('persona.mood', { slug, mood: 'bossy' })
      return ground.call('persona.mood_events', { personality: slug })
    },
  },
  ai_personality_state: {
    writtenBy: 'presence.update',
    readBy: 'presence.state',
    shows: 'mode',
    prove: async (ground) => {
      const slug = await newPersonality(ground)
      await ground.call('presence.update', { slug, mode: 'for all of us' })
      return ground.call('presence.state', { slug })
    },
  },
  ai_state_history: {
    writtenBy: 'presence.update',
    readBy: 'presence.history',
    shows: 'id',
    prove: async (ground) => {
      const slug = await newPersonality(ground)
      await ground.call('presence.update', { slug, mode: 'as it was' })
      return ground.call('presence.history', { slug })
    },
  },
  conversations: {
    writtenBy: 'conversation.create',
    readBy: 'conversation.get',
    shows: 'id',
    prove: async (ground) => ground.call('conversation.get', { id: await newConversation(ground) }),
  },
  messages: {
    writtenBy: 'conversation.send',
    readBy: 'conversation.messages',
    shows: 'id',
    prove: async (ground) => {
      const id = await newConversation(ground)
      await ground.call('conversation.send', { id, content: 'Hello.' })
      return ground.call('conversation.messages', { id })
    },
  },
  messages_history: {
    writtenBy: 'conversation.messages.edit',
    readBy: 'conversation.messages.history',
    shows: 'id',
    prove: async (ground) => {
      const id = await newConversation(ground)
      const { userMessage } = await ground.call('conversation.send', { id, content: 'Hello.' })
      await ground.call('conversation.messages.edit', { id: userMessage.id, content: 'Good day.' })
      return ground.call('conversation.messages.history', { id: userMessage.id })
    },
  },
  ai_memories: {
    writtenBy: 'memory.remember',
    readBy: 'memory.get',
    shows: 'id',
    prove: async ({ call }) => {
      const { id } = await call('memory.remember', { content: 'It rains.' })
      return call('memory.get', { id })
    },
  },
  ai_memory_evidence: {
    writtenBy: 'memory.remember',
    readBy: 'memory.get',
    shows: 'quote',
    prove: async ({ call, fresh }) => {
      const evidence = [{ quote: fresh('it is raining') }]
      const { id } = await call('memory.remember', { content: 'It rains.', evidence })
      return call('memory.get', { id })
    },
  },
  sticky_notes_history: {
    writtenBy: 'memory.notes.create',
    readBy: 'memory.history.list',
    shows: 'id',
    prove: async (ground) => ground.call('memory.history.list', { noteId: await newNote(ground) }),
  },
  sticky_notes_favorites: {
    writtenBy: 'memory.notes.favorite',
    readBy: 'memory.notes.get',
    shows: 'note_id',
    prove: async (ground) => {
      const id = await newNote(ground)
      await ground.call('memory.notes.favorite', { id })
      const { isFavorite, ...note } = await ground.call('memory.notes.get', { id })
      return isFavorite ? note : null
    },
  },
  sticky_note_surfaces: {
    writtenBy: 'memory.notes.surface',
    readBy: 'memory.surfaces.list',
    shows: 'id',
    prove: async (ground) => {
      const id = await newNote(ground)
      await ground.call('memory.notes.surface', { id })
      return ground.call('memory.surfaces.list', { noteId: id })
    },
  },
  system_config: {
    writtenBy: 'platform.config.set',
    readBy: 'platform.config.get',
    shows: 'key',
    prove: async ({ call }) => {
      await call('platform.config.set', { key: 'proof.one', value: 'some' })
      return call('platform.config.get', { key: 'proof.one' })
    },
  },
  system_config_history: {
    writtenBy: 'platform.config.set',
    readBy: 'platform.config.history',
    shows: 'id',
    prove: async ({ call }) => {
      await call('platform.config.set', { key: 'proof.two', value: 'some' })
      return call('platform.config.history', { key: 'proof.two' })
    },
  },
  secrets: {
    writtenBy: 'platform.secrets.set',
    readBy: 'platform.secrets.list',
    shows: 'id',
    prove: async ({ call }) => {
      await call('platform.secrets.set', { service: 'proof', keyName: 'one', value: 'secret' })
      return call('platform.secrets.list', { service: 'proof' })
    },
  },
  share_grants: {
    writtenBy: 'sharing.grant',
    readBy: 'sharing.grants.list',
    shows: 'id',
    prove: async ({ call, abroadSlug }) => {
      const item = { title: 'Given', content: 'Away.' }
      await call('sharing.grant', { kind: 'knowledge', town: abroadSlug, item })
      return call('sharing.grants.list', { limit: 100 })
    },
  },
  shared_knowledge_base: sharing('knowledge', async () => ({ item: { title: 'Known', content: 'To us.' } })),
  shared_market_intelligence: sharing('market_intelligence', async () => ({
    item: {
      companyDomain: 'example.com',
      companyName: 'Example',
      intelligenceType: 'funding',
      data: { round: 'A' },
    },
  })),
  shared_enriched_records: sharing('enriched_record', async ({ call }) => {
    const { id } = await call('crm.companies.create', { name: 'Enriched' })
    return { objectId: id, recordType: 'company' }
  }),
  shared_personality_state: sharing('personality_state', async (ground) => {
    const slug = await newPersonality(ground)
    return { objectId: (await ground.call('persona.get', { slug })).id }
  }),
}
