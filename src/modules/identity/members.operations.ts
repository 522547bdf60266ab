import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { violates } from '../../db/sql-error.ts'
import type { TownRole } from '../../kernel/context.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'
import { emailInput, idInput, pageInput, pageOutput, textInput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import { earliest, keyOutput, storeKey } from './key.service.ts'
import {
  changeMember,
  findMember,
  insertMember,
  listFormerMembers,
  listMembers,
  type MemberRow,
} from './members.queries.ts'
import { authorizeAllPersonalities, authorizeUnlimited } from './sign-in.service.ts'

/** A role in a town, as callers write it. */
export const roleInput = z
  .enum(['admin', 'user', 'readonly'])
  .describe('admin (may everything), user (reads and changes), or readonly (a guest).')
/** A ceiling of attraction, as callers write it. */
export const ceilingInput = z
  .int()
  .min(1)
  .max(11)
  .describe('Highest attraction they may set, 1-11; not above your own.')

const memberOutput = z.object({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  role: z.enum(['admin', 'user', 'readonly']),
  attractionCeiling: z.int(),
  since: timeOutput,
})

function toMember(row: MemberRow): z.input<typeof memberOutput> {
  return {
    userId: row.user_id,
    name: row.name,
    email: row.email,
    role: row.role,
    attractionCeiling: row.attraction_ceiling,
    since: row.created_at,
  }
}

const members = defineOperation({
  id: 'identity.members',
  kind: 'query',
  access: 'user',
  summary: 'Lists the members of this town, oldest first.',
  http: 'GET /v1/members',
  input: z.strictObject(pageInput),
  output: pageOutput(memberOutput),
  run: async ({ tx }, input) => {
    const rows = await listMembers(tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: toMember,
      keyset: (row) => ({ value: row.created_at_key, id: row.user_id }),
    })
  },
})

const add = defineOperation({
  id: 'identity.members.add',
  kind: 'command',
  access: 'admin',
  summary: 'Makes somebody new a member of this town, with a first API key for it that is shown this once.',
  http: 'POST /v1/members',
  status: 201,
  isSecret: true,
  input: z.strictObject({
    email: emailInput.describe('Their address. Whoever has it already in another town is invited instead.'),
    name: textInput(200).describe(
      'Name that people see; who was here before and left every town keeps theirs.',
    ),
    role: roleInput.default('user'),
    attractionCeiling: ceilingInput.optional(),
  }),
  output: z.object({
    member: memberOutput,
    apiKey: keyOutput.extend({ key: z.string().describe('The key itself; it cannot be shown again.') }),
  }),
  run: async (ctx, input) => {
    authorizeUnlimited(ctx.actor)
    const attractionCeiling = input.attractionCeiling ?? Math.min(7, ctx.actor.attractionCeiling)
    refuseCeilingAboveOwn(ctx, attractionCeiling)
    const userId = await insertOnce(ctx, { ...input, attractionCeiling })
    const member = (await findMember(ctx.tx, { id: userId }))!
    await record(ctx, {
      kind: 'member.added',
      entityKind: 'member',
      entityId: userId,
      privacy: 'team',
      payload: standingOf(member),
      after: { name: member.name, email: member.email, ...standingOf(member) },
    })
    const apiKey = await storeKey(ctx, {
      userId,
      name: 'First key',
      operations: null,
      personalities: null,
      expiresAt: earliest(undefined, ctx.actor.keyExpiresAt),
    })
    return { member: toMember(member), apiKey }
  },
})

async function insertOnce(
  ctx: Ctx,
  member: { name: string; email: string; role: TownRole; attractionCeiling: number },
): Promise<string> {
  try {
    return await insertMember(ctx.tx, { ...member, userId: newId(), createdAt: ctx.clock.now() })
  } catch (error) {
    if (violates(error, 'town_members_pkey')) throw identityErrors.MEMBER_ALREADY()
    if (violates(error, 'users_email_idx')) throw identityErrors.MEMBER_ELSEWHERE()
    throw error
  }
}

const update = defineOperation({
  id: 'identity.members.update',
  kind: 'command',
  access: 'admin',
  summary: 'Changes the role of a member, and the highest attraction they may set.',
  http: 'PATCH /v1/members/{id}',
  input: z.strictObject({
    id: idInput.describe('The person.'),
    role: roleInput.optional(),
    attractionCeiling: ceilingInput.optional(),
  }),
  output: memberOutput,
  run: async (ctx, { id, ...change }) => {
    const before = await getMember(ctx, id)
    const after = {
      role: change.role ?? before.role,
      attractionCeiling: change.attractionCeiling ?? before.attraction_ceiling,
    }
    if (after.role === before.role && after.attractionCeiling === before.attraction_ceiling) {
      return toMember(before)
    }
    if (after.attractionCeiling > before.attraction_ceiling)
      refuseCeilingAboveOwn(ctx, after.attractionCeiling)
    await changeOrRefuse(ctx, id, after)
    await record(ctx, {
      kind: 'member.updated',
      entityKind: 'member',
      entityId: id,
      privacy: 'team',
      payload: after,
      before: standingOf(before),
      after,
    })
    return toMember((await findMember(ctx.tx, { id }))!)
  },
})

const remove = defineOperation({
  id: 'identity.members.remove',
  kind: 'command',
  access: 'admin',
  summary: 'Takes a member out of this town; their keys of it and their sessions end. What they made stays.',
  http: 'DELETE /v1/members/{id}',
  input: z.strictObject({ id: idInput.describe('The person.') }),
  output: z.object({ userId: z.uuid() }),
  run: async (ctx, { id }) => {
    const before = await getMember(ctx, id)
    await changeOrRefuse(ctx, id, null)
    await record(ctx, {
      kind: 'member.removed',
      entityKind: 'member',
      entityId: id,
      privacy: 'team',
      before: standingOf(before),
    })
    return { userId: id }
  },
})

const former = defineOperation({
  id: 'identity.former_members',
  kind: 'query',
  access: 'admin',
  summary: 'Lists who left this town and is not back, the last first; what they made stays.',
  http: 'GET /v1/former-members',
  input: z.strictObject(pageInput),
  output: pageOutput(z.object({ userId: z.uuid(), name: z.string(), leftAt: timeOutput })),
  run: async ({ tx }, input) => {
    const rows = await listFormerMembers(tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: (row) => ({ userId: row.user_id, name: row.name, leftAt: row.left_at }),
      keyset: (row) => ({ value: row.left_at_key, id: row.user_id }),
    })
  },
})

async function getMember(ctx: Ctx, id: string): Promise<MemberRow> {
  const member = await findMember(ctx.tx, { id })
  if (!member) throw identityErrors.MEMBER_NOT_FOUND({ data: { id } })
  return member
}

async function changeOrRefuse(
  ctx: Ctx,
  id: string,
  standing: { role: TownRole; attractionCeiling: number } | null,
): Promise<void> {
  authorizeAllPersonalities(ctx.actor)
  switch (await changeMember(ctx.tx, id, { standing, now: ctx.clock.now() })) {
    case 'done':
      return
    case null:
      throw identityErrors.MEMBER_NOT_FOUND({ data: { id } })
    case 'above':
      throw identityErrors.FORBIDDEN({ message: 'This person stands above you in this town.', data: { id } })
    case 'last':
      throw identityErrors.LAST_OWNER({ data: { id } })
  }
}

/** Throws FORBIDDEN for a ceiling above the actor's own. */
export function refuseCeilingAboveOwn(ctx: Ctx, ceiling: number): void {
  const own = ctx.actor.attractionCeiling
  if (ceiling > own) {
    throw identityErrors.FORBIDDEN({
      message: `Your own ceiling is ${own}; nobody gives a higher one.`,
      data: { own },
    })
  }
}

function standingOf(row: MemberRow) {
  return { role: row.role, attractionCeiling: row.attraction_ceiling }
}

export const memberOperations: readonly AnyOperation[] = [members, add, update, remove, former]
