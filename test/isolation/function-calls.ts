import { randomBytes, randomUUID } from 'node:crypto'

import { hashKey } from '../../src/modules/identity/index.ts'
import type { Town } from '../support/found-town.ts'
import type { TestDatabase } from '../support/test-database.ts'

/** A call of one function that is about things of one town, and succeeds for that town's owner. */
export type FunctionCall = {
  /** By the names of the parameters. */
  values: Record<string, unknown>
  /** Why it may tell of the town to whoever calls it: it is what makes somebody an actor, or runs before anybody is. */
  mayTell?: string
  /** Why it is called by the owner alone: it is about whoever calls it. */
  isOwn?: string
  /** The SQLSTATE it is always refused with once there is a town. */
  isRefusedWith?: string
}

/**
 * A call of every function that the application role may execute, made of the town's own rows. create_owner and
 * create_town may write before a town is known, because the first start makes both: the first refuses when there is
 * anybody, the second whenever somebody acts who is not the one it makes the town for.
 */
export async function callsAbout(town: Town, test: TestDatabase): Promise<Record<string, FunctionCall>> {
  const now = new Date()
  const one = async (sql: string) => {
    const [row] = await test.query(sql, [town.id])
    if (!row) throw new Error(`nothing found by: ${sql}`)
    return row as Record<string, string>
  }
  const conversation = await one(
    `select id from conversation.conversations where town_id = $1 and privacy = 'team'`,
  )
  const memory = await one(`select id from memory.ai_memories where town_id = $1 and privacy = 'team'`)
  const event = await one(
    `select entity_id as id from journal.events where town_id = $1 and privacy = 'team' and entity_id is not null`,
  )
  const entry = await one(
    `select source_id, kind from search.search_index where town_id = $1 and privacy = 'team'`,
  )
  const prompt = await one(
    `select personality_id, mood from persona.prompts where town_id = $1 and status = 'published'`,
  )
  // The owner's own: rules open nothing that row-level security would not let the function see.
  const account = await one(
    `update google.google_workspace_users set user_id = (
       select user_id from identity.town_members where town_id = $1 and role = 'admin'
     ) where town_id = $1 and privacy = 'team' returning id, user_id`,
  )
  const message = {
    town_id: town.id,
    id: randomUUID(),
    conversation_id: conversation['id'],
    role: 'user',
    content: 'zebra',
    status: 'complete',
    token_count: 1,
    at: now,
    created_at: now,
    privacy: 'public',
    created_by: town.owner.userId,
    tags: [],
  }
  const indexed = {
    id: randomUUID(),
    kind: entry['kind'],
    sourceId: entry['source_id'],
    content: 'zebra',
    importance: 1,
  }
  // Somebody who belongs to no town yet: whoever knows the address may make them a member of their own.
  const stranger = randomUUID()
  await test.query(
    `insert into identity.users (id, name, email, email_verified, created_at, updated_at) values ($1, 'Mo', $2, true, $3, $3)`,
    [stranger, `${stranger}@example.org`, now],
  )
  const member = {
    userId: randomUUID(),
    name: 'Mo',
    email: `${stranger}@example.org`,
    role: 'user',
    attractionCeiling: 7,
    createdAt: now,
  }
  const session = randomUUID()
  await test.query(
    `insert into identity.sessions (id, user_id, token, expires_at, created_at, updated_at) values ($1::uuid, $2, $1::uuid::text, $3, $3, $3)`,
    [session, town.owner.userId, now],
  )
  await test.query(
    `insert into identity.accounts (id, user_id, account_id, provider_id, created_at, updated_at)
     values ($1::uuid, $2, $1::uuid::text, 'elsewhere', $3, $3)`,
    [randomUUID(), town.owner.userId, now],
  )
  await test.query(`insert into identity.former_members (town_id, user_id, left_at) values ($1, $2, $3)`, [
    town.id,
    stranger,
    now,
  ])
  const organization = await one(
    `select o.organization_id as id from identity.organization_members o
     join identity.town_members m on m.user_id = o.user_id
     where m.town_id = $1 and m.role = 'admin' and o.role = 'owner'`,
  )
  const newOrganization = { id: randomUUID(), slug: `firm-${randomUUID()}`, name: 'Firm', createdAt: now }
  const quoting = await one(
    `update conversation.messages set role = 'assistant', model = 'offline'
     where (town_id, id) = (
       select town_id, id from conversation.messages where town_id = $1 and privacy = 'team' order by id limit 1
     ) returning id, content`,
  )
  const token = randomBytes(32)
  const invited = randomUUID()
  await test.query(
    `insert into identity.invitations (id, town_id, email, role, attraction_ceiling, token_hash, invited_by, created_at, expires_at)
     select $1, $2, u.email, 'user', 7, $3, u.id, $4, $4 from identity.users u where u.id = $5`,
    [invited, town.id, token, now, town.owner.userId],
  )
  const invitation = {
    id: randomUUID(),
    email: member.email,
    role: 'user',
    attraction_ceiling: 7,
    created_at: now,
    expires_at: now,
  }
  const key = {
    id: randomUUID(),
    user_id: town.owner.userId,
    name: 'stolen',
    prefix: `p-${town.slug}`,
    created_at: now,
  }
  const newTown = { id: randomUUID(), slug: `of-${town.slug}`, name: 'Theirs', createdAt: now }
  // A town that this one governs.
  await test.query(
    `insert into town.towns (id, slug, name, governed_by, created_at) values ($1, $2, 'Governed', $3, $4)`,
    [randomUUID(), `governed-${randomUUID()}`, town.id, now],
  )
  const owner = {
    userId: randomUUID(),
    organizationId: randomUUID(),
    name: 'Eve',
    email: 'eve@example.org',
    timeZone: 'UTC',
    createdAt: now,
  }
  return {
    'conversation.store': {
      values: {
        p_conversation_id: conversation['id'],
        p_messages: JSON.stringify([message]),
        p_last_at: now,
        p_leaf_id: null,
        p_now: now,
      },
    },
    'google.can_access_google_data': {
      values: { p_viewer_id: account['user_id'], p_target_id: account['id'], p_kind: 'gmail', p_at: now },
    },
    'google.open_account': { values: { p_account_id: account['id'], p_kind: 'gmail', p_at: now } },
    'identity.accept_invitation': {
      values: { p_token_hash: token, p_now: new Date(now.getTime() - 1_000) },
      mayTell:
        'whoever has the token and the address learns that the invitation is there: this is how it is accepted',
    },
    'identity.add_member': { values: { p_member: JSON.stringify(member) } },
    'identity.authenticate_key': {
      values: { p_key_hash: hashKey(town.member.key), p_now: now },
      mayTell: 'whoever has the key may enter the town: this is how',
    },
    'identity.authenticate_user': {
      values: { p_user_id: town.member.userId, p_town: town.slug, p_now: now },
      mayTell: 'signs in the person whom a session, or the first start, has named',
    },
    'identity.change_member': {
      values: { p_user_id: town.member.userId, p_role: 'readonly', p_attraction_ceiling: 3, p_now: now },
    },
    'identity.change_organization_member': {
      values: {
        p_organization_id: organization['id'],
        p_user_id: town.member.userId,
        p_role: 'manager',
        p_now: now,
      },
    },
    'identity.create_invitation': {
      values: { p_invitation: JSON.stringify(invitation), p_token_hash: randomBytes(32) },
    },
    'identity.create_key': { values: { p_key: JSON.stringify(key), p_key_hash: randomBytes(32) } },
    'identity.create_organization': {
      values: { p_organization: JSON.stringify(newOrganization) },
      isOwn: 'makes an organization of whoever calls it',
    },
    'identity.create_owner': { values: { p_owner: JSON.stringify(owner) }, isRefusedWith: '23505' },
    'identity.create_town': {
      values: { p_town: JSON.stringify(newTown), p_user_id: town.owner.userId },
    },
    'identity.end_session': { values: { p_id: session } },
    'identity.find_owner': { values: {}, mayTell: 'the first start asks whether there is an owner' },
    'identity.is_colleague': { values: { p_user_id: town.member.userId } },
    'identity.is_live_key': { values: { p_key_hash: hashKey(town.owner.key), p_now: now } },
    'identity.list_accounts': { values: {} },
    'identity.list_everybody': { values: {} },
    'identity.list_former_members': { values: {} },
    'identity.list_invitations': { values: {} },
    'identity.list_keys': { values: {} },
    'identity.list_members': { values: {} },
    'identity.list_organization': { values: { p_organization_id: organization['id'] } },
    'identity.list_organization_members': { values: {} },
    'identity.list_sessions': { values: {} },
    'identity.list_town_admins': {
      values: {},
      mayTell: 'a start refreshes what is shipped in every town, as one of its admins',
    },
    'identity.may_sign_in_as': { values: { p_user_id: town.guest.userId } },
    'identity.revoke_invitation': { values: { p_id: invited, p_now: now } },
    'identity.revoke_key': { values: { p_id: town.member.keyId, p_now: now } },
    'identity.set_capital': { values: { p_capital_id: null } },
    'identity.update_me': {
      values: {
        p_me: JSON.stringify({
          name: 'Eve',
          email: `eve-${stranger}@example.org`,
          is_vip: false,
          time_zone: 'UTC',
          preferences: {},
        }),
        p_now: now,
      },
      isOwn: 'changes the name and address of whoever calls it',
    },
    'journal.erase': { values: { p_entity_ids: [event['id'], memory['id']] } },
    'journal.head': { values: {} },
    'journal.reclassify': { values: { p_entity_ids: [event['id']], p_privacy: 'private' } },
    'journal.record': {
      values: {
        p_id: randomUUID(),
        p_at: now,
        p_operation: 'memory.forget',
        p_kind: 'memory.forgotten',
        p_entity_kind: 'memory',
        p_entity_id: memory['id'],
        p_privacy: 'public',
        p_payload: '{}',
        p_before: '{}',
        p_after: '{}',
        p_about: '{"requestId": "stolen"}',
      },
    },
    'journal.verify_audit': { values: { p_from: 1, p_to: 10 } },
    'memory.erase_copies': {
      values: {
        p_memory_id: memory['id'],
        p_replies: JSON.stringify([
          { id: quoting['id'], owner: town.owner.userId, content: 'zebra', tokens: 1 },
        ]),
        p_texts: ['zebra'],
        p_is_shared: true,
      },
    },
    'memory.lock_quotes': {
      values: { p_model: 'offline', p_quotes: [quoting['content']], p_is_shared: true },
    },
    'persona.calculate_mood': {
      values: { p_attraction_level: 1, p_gandhi_genghis: 1, p_context_keywords: [] },
    },
    'persona.call_mood': {
      values: { p_attraction_level: 1, p_gandhi_genghis: 1, p_context_keywords: [] },
    },
    'persona.get_active_prompt': {
      values: { p_personality_id: prompt['personality_id'], p_mood: prompt['mood'] },
    },
    'search.find': {
      values: {
        p_query: 'text',
        p_kinds: [entry['kind']],
        p_personality_ids: null,
        p_audience: 'private',
        p_characters: 100,
        p_limit: 100,
        p_now: now,
      },
    },
    'search.lock_present': {
      values: { p_source_ids: [entry['source_id']] },
      mayTell:
        'says which of the ids that it is given the caller has indexed, as search.put below does for them',
    },
    'search.put': { values: { p_entries: JSON.stringify([{ ...indexed, at: now, privacy: 'public' }]) } },
    'search.reclassify': { values: { p_source_ids: [entry['source_id']], p_privacy: 'public' } },
    'search.remove': { values: { p_source_ids: [entry['source_id']] } },
    'sharing.count_governed_towns': { values: {} },
    'town.acting_time': { values: {}, mayTell: 'tells what time it is' },
  }
}
