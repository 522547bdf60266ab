import { randomBytes } from 'node:crypto'

import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'
import { emailInput, idInput, pageInput, pageOutput, textInput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import {
  acceptInvitation,
  insertInvitation,
  listInvitations,
  revokeInvitation,
  type InvitationRow,
} from './invitations.queries.ts'
import { ceilingInput, refuseCeilingAboveOwn, roleInput } from './members.operations.ts'
import { authenticate, authorizeOwn, authorizeUnlimited, hashKey, returning } from './sign-in.service.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const

const invitationOutput = z.object({
  id: z.uuid(),
  email: z.string(),
  role: z.enum(['admin', 'user', 'readonly']),
  attractionCeiling: z.int(),
  invitedBy: z.uuid(),
  status: z.enum(STATUSES),
  createdAt: timeOutput,
  expiresAt: timeOutput,
  revokedAt: timeOutput.nullable(),
  acceptedAt: timeOutput.nullable(),
  acceptedBy: z.uuid().nullable(),
})

function toInvitation(row: InvitationRow, now: Date): z.input<typeof invitationOutput> {
  return {
    id: row.id,
    email: row.email,
    role: row.role,
    attractionCeiling: row.attraction_ceiling,
    invitedBy: row.invited_by,
    status: statusOf(row, now),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at,
    acceptedAt: row.accepted_at,
    acceptedBy: row.accepted_by,
  }
}

function statusOf(row: InvitationRow, now: Date): (typeof STATUSES)[number] {
  if (row.accepted_at !== null) return 'accepted'
  if (row.revoked_at !== null) return 'revoked'
  return row.expires_at <= now ? 'expired' : 'open'
}

const create = defineOperation({
  id: 'identity.invitations.create',
  kind: 'command',
  access: 'admin',
  summary: 'Invites a person who is here in another town into this one; the token is shown this once.',
  http: 'POST /v1/invitations',
  status: 201,
  isSecret: true,
  input: z.strictObject({
    email: emailInput.describe('Their address; only a person who has it can accept.'),
    role: roleInput.default('user'),
    attractionCeiling: ceilingInput.optional(),
    days: z.int().min(1).max(30).default(7).describe('How long it can be accepted.'),
  }),
  output: z.object({
    invitation: invitationOutput,
    token: z.string().describe('What they accept with; it cannot be shown again, and nothing is sent.'),
  }),
  run: async (ctx, input) => {
    authorizeUnlimited(ctx.actor)
    const attractionCeiling = input.attractionCeiling ?? Math.min(7, ctx.actor.attractionCeiling)
    refuseCeilingAboveOwn(ctx, attractionCeiling)
    const token = `rvi_${randomBytes(32).toString('base64url')}`
    const now = ctx.clock.now()
    const row = {
      id: newId(),
      email: input.email,
      role: input.role,
      attraction_ceiling: attractionCeiling,
      created_at: now,
      expires_at: new Date(now.getTime() + input.days * DAY_MS),
    }
    await insertInvitation(ctx.tx, row, hashKey(token))
    const { email, role } = input
    await record(ctx, {
      kind: 'invitation.created',
      entityKind: 'invitation',
      entityId: row.id,
      privacy: 'boss_only',
      after: { email, role, attractionCeiling, expiresAt: row.expires_at },
    })
    const open = { revoked_at: null, accepted_at: null, accepted_by: null }
    const invitation = toInvitation({ ...row, ...open, invited_by: ctx.actor.userId }, now)
    return { invitation, token }
  },
})

const list = defineOperation({
  id: 'identity.invitations.list',
  kind: 'query',
  access: 'admin',
  summary: 'Lists the invitations into this town, newest first.',
  http: 'GET /v1/invitations',
  input: z.strictObject(pageInput),
  output: pageOutput(invitationOutput),
  run: async (ctx, input) => {
    const rows = await listInvitations(ctx.tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: (row) => toInvitation(row, ctx.clock.now()),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const revoke = defineOperation({
  id: 'identity.invitations.revoke',
  kind: 'command',
  access: 'admin',
  summary: 'Takes back an invitation that was not accepted yet. Doing it twice is fine.',
  http: 'DELETE /v1/invitations/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), revokedAt: timeOutput }),
  run: async (ctx, { id }) => {
    const now = ctx.clock.now()
    const revokedAt = await revokeInvitation(ctx.tx, id, now)
    if (!revokedAt) throw identityErrors.INVITATION_NOT_FOUND({ data: { id } })
    if (revokedAt.getTime() === now.getTime()) {
      await record(ctx, {
        kind: 'invitation.revoked',
        entityKind: 'invitation',
        entityId: id,
        privacy: 'boss_only',
        after: { revokedAt },
      })
    }
    return { id, revokedAt }
  },
})

const accept = defineOperation({
  id: 'identity.invitations.accept',
  kind: 'command',
  access: 'readonly',
  summary: 'Accepts an invitation to your address: you are a member of that town from then on.',
  http: 'POST /v1/invitations/accept',
  isSecret: true,
  input: z.strictObject({ token: textInput(200).describe('The token you were given.') }),
  output: z.object({
    town: z.object({ id: z.uuid(), slug: z.string() }),
    role: z.enum(['admin', 'user', 'readonly']),
    attractionCeiling: z.int(),
  }),
  run: async (ctx, { token }) => {
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    const accepted = await acceptInvitation(ctx.tx, hashKey(token), ctx.clock.now())
    if ('refused' in accepted) {
      if (accepted.refused === 'member') throw identityErrors.MEMBER_ALREADY()
      if (accepted.refused === 'unknown') throw identityErrors.INVITATION_NOT_FOUND()
      throw identityErrors.INVITATION_ENDED({ data: { because: accepted.refused } })
    }
    const { id, townId, role, attractionCeiling } = accepted
    const slug = await recordThere(ctx, townId, { id, role, attractionCeiling })
    return { town: { id: townId, slug }, role, attractionCeiling }
  },
})

/** Records in the town that was entered that its new member is there; answers its slug. */
async function recordThere(
  ctx: Ctx,
  town: string,
  { id, ...standing }: { id: string; role: string; attractionCeiling: number },
): Promise<string> {
  const { userId } = ctx.actor
  return returning(ctx.tx, async () => {
    const there = await authenticate(ctx.tx, { kind: 'person', userId, town }, ctx.clock.now())
    // The journal takes no rows of guests.
    await sql`select set_config('app.clearance', 'boss', true)`.execute(ctx.tx)
    await record(ctx, {
      kind: 'member.added',
      entityKind: 'member',
      entityId: userId,
      privacy: 'team',
      payload: standing,
      after: { ...standing, name: ctx.actor.name, invitationId: id },
    })
    return there.townSlug
  })
}

export const invitationOperations: readonly AnyOperation[] = [create, list, revoke, accept]
