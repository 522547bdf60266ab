import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, defineSteps, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { emailInput, idInput, pageInput, pageOutput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import { listKeys, revokeKey } from './identity.queries.ts'
import { invitationOperations } from './invitations.operations.ts'
import { journalOperations } from './journal.operations.ts'
import { keyOutput, toKey } from './key.service.ts'
import { meOperations } from './me.operations.ts'
import { organizationOperations } from './organizations.operations.ts'
import { memberOperations } from './members.operations.ts'
import { findMember, getPerson, maySignInAs } from './members.queries.ts'
import { sessionOperations } from './sessions.operations.ts'
import { authorizeOwn, authorizeUnlimited, returning } from './sign-in.service.ts'

const whoami = defineOperation({
  id: 'identity.whoami',
  kind: 'query',
  access: 'readonly',
  summary: 'Says who you are here: person, town, role and the limits of your key.',
  http: 'GET /v1/whoami',
  input: z.strictObject({}),
  output: z.object({
    userId: z.uuid(),
    name: z.string(),
    timeZone: z.string(),
    town: z.object({ id: z.uuid(), slug: z.string() }),
    role: z.enum(['admin', 'user', 'readonly']),
    clearance: z.enum(['boss', 'member', 'guest']),
    attractionCeiling: z.int(),
    key: z
      .object({
        id: z.uuid(),
        operations: z.array(z.string()).nullable(),
        personalities: z.array(z.string()).nullable(),
      })
      .nullable(),
  }),
  run: async ({ actor }) => ({
    userId: actor.userId,
    name: actor.name,
    timeZone: actor.timeZone,
    town: { id: actor.townId, slug: actor.townSlug },
    role: actor.role,
    clearance: actor.clearance,
    attractionCeiling: actor.attractionCeiling,
    key: actor.keyId
      ? { id: actor.keyId, operations: actor.operations, personalities: actor.personalities }
      : null,
  }),
})

const signInLink = defineSteps({
  id: 'identity.sign_in_link',
  kind: 'command',
  access: 'readonly',
  summary: 'Makes a link that signs a person in once, within 15 minutes: you, or for admins another member.',
  http: 'POST /v1/sign-in-links',
  status: 201,
  isSecret: true,
  input: z.strictObject({
    person: emailInput.optional().describe('Address of a member of this town; you when left out.'),
  }),
  output: z.object({ email: z.string(), link: z.string(), expiresAt: timeOutput }),
  prepare: async (ctx, { person }) => {
    // A session has no limits and outlives a key that ends.
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    if (ctx.actor.keyExpiresAt) {
      throw identityErrors.KEY_SCOPE({ message: 'An API key that expires makes no sign-in links.' })
    }
    if (person === undefined) {
      const { email } = await getPerson(ctx.tx, ctx.actor.userId)
      return { userId: ctx.actor.userId, email }
    }
    const member = await findMember(ctx.tx, { email: person })
    if (member?.user_id !== ctx.actor.userId && ctx.actor.clearance !== 'boss') {
      throw identityErrors.FORBIDDEN({ message: 'Only admins make sign-in links for others.' })
    }
    if (!member) throw identityErrors.MEMBER_NOT_FOUND()
    if (!(await maySignInAs(ctx.tx, member.user_id))) {
      throw identityErrors.FORBIDDEN({
        message:
          'A session opens all towns of its person, and this one belongs to towns where you are no admin.',
      })
    }
    return { userId: member.user_id, email: member.email }
  },
  outside: (ctx, { email }) => ctx.signInLinks.make(email),
  commit: async (ctx, { userId, email }, { link, expiresAt }) => {
    // A guest changes nothing and signs in all the same: the journal takes no rows of guests.
    await returning(ctx.tx, async () => {
      await sql`select set_config('app.clearance', 'boss', true)`.execute(ctx.tx)
      await record(ctx, {
        kind: 'sign_in_link.made',
        entityKind: 'person',
        entityId: userId,
        privacy: 'boss_only',
        after: { userId, expiresAt },
      })
    })
    return { email, link, expiresAt }
  },
  abandon: async () => {},
})

const keysList = defineOperation({
  id: 'identity.keys.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists your API keys in this town, newest first; admins see all of them.',
  http: 'GET /v1/api-keys',
  input: z.strictObject(pageInput),
  output: pageOutput(keyOutput),
  run: async ({ tx }, input) => {
    const rows = await listKeys(tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: toKey,
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const keysRevoke = defineOperation({
  id: 'identity.keys.revoke',
  kind: 'command',
  access: 'user',
  summary: 'Ends an API key for good. Doing it twice is fine.',
  http: 'DELETE /v1/api-keys/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), revokedAt: timeOutput }),
  run: async (ctx, input) => {
    const revokedAt = await revokeKey(ctx.tx, input.id, ctx.clock.now())
    if (!revokedAt) throw identityErrors.API_KEY_NOT_FOUND({ data: { id: input.id } })
    await record(ctx, {
      kind: 'api_key.revoked',
      entityKind: 'api_key',
      entityId: input.id,
      privacy: 'private',
      after: { revokedAt },
    })
    return { id: input.id, revokedAt }
  },
})

export const identityOperations: readonly AnyOperation[] = [
  whoami,
  ...meOperations,
  signInLink,
  ...memberOperations,
  ...invitationOperations,
  ...sessionOperations,
  ...organizationOperations,
  keysList,
  keysRevoke,
  ...journalOperations,
]
