import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { violates } from '../../db/sql-error.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { newId } from '../../kernel/ids.ts'
import { idInput, pageInput, pageOutput, slugInput, textInput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import {
  changeOrganizationMember,
  insertOrganization,
  listOrganizationMembers,
  listOrganizations,
  type OrganizationChange,
} from './organizations.queries.ts'
import { authorizeOwn, authorizeUnlimited } from './sign-in.service.ts'

const roleOutput = z.enum(['owner', 'admin', 'manager', 'employee', 'contractor'])

const create = defineOperation({
  id: 'identity.organizations.create',
  kind: 'command',
  access: 'admin',
  summary: 'Makes an organization of your own, a company or group that owns towns.',
  http: 'POST /v1/organizations',
  status: 201,
  input: z.strictObject({ slug: slugInput, name: textInput(200) }),
  output: z.object({ id: z.uuid(), slug: z.string(), name: z.string(), createdAt: timeOutput }),
  run: async (ctx, input) => {
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    const made = { id: newId(), ...input, createdAt: ctx.clock.now() }
    try {
      await insertOrganization(ctx.tx, made)
    } catch (error) {
      if (violates(error, 'organizations_slug_key')) throw identityErrors.ORGANIZATION_SLUG_TAKEN()
      throw error
    }
    await record(ctx, {
      kind: 'organization.created',
      entityKind: 'organization',
      entityId: made.id,
      // Who is in it learns of it there; the town has no part in it yet.
      privacy: 'private',
      after: input,
    })
    return made
  },
})

const list = defineOperation({
  id: 'identity.organizations.list',
  kind: 'query',
  access: 'readonly',
  summary:
    'Lists the organizations you belong to, oldest first, with your role and the towns you both are in.',
  http: 'GET /v1/organizations',
  input: z.strictObject(pageInput),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      slug: z.string(),
      name: z.string(),
      role: roleOutput.describe('Yours.'),
      towns: z
        .array(z.object({ id: z.uuid(), slug: z.string(), part: z.enum(['owner', 'participant']) }))
        .describe('Towns of yours that it owns or takes part in.'),
      createdAt: timeOutput,
    }),
  ),
  run: async (ctx, input) => {
    const rows = await listOrganizations(ctx.tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: ({ id, slug, name, role, towns, created_at: createdAt }) => {
        return { id, slug, name, role, towns, createdAt }
      },
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const members = defineOperation({
  id: 'identity.organization_members.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists the members of an organization of yours, oldest first.',
  http: 'GET /v1/organizations/{id}/members',
  input: z.strictObject({ id: idInput.describe('The organization.'), ...pageInput }),
  output: pageOutput(
    z.object({ userId: z.uuid(), name: z.string(), email: z.string(), role: roleOutput, since: timeOutput }),
  ),
  run: async (ctx, { id, cursor, limit }) => {
    const after = decodeCursor(cursor)
    const rows = await listOrganizationMembers(ctx.tx, id, { after, limit })
    // Whoever sees it is in it: a first page is never empty.
    if (rows.length === 0 && after === undefined)
      throw identityErrors.ORGANIZATION_NOT_FOUND({ data: { id } })
    return toPage(rows, limit, {
      item: (row) => ({
        userId: row.user_id,
        name: row.name,
        email: row.email,
        role: row.role,
        since: row.created_at,
      }),
      keyset: (row) => ({ value: row.created_at_key, id: row.user_id }),
    })
  },
})

const personInput = idInput.describe('The person.')

const set = defineOperation({
  id: 'identity.organization_members.set',
  kind: 'command',
  access: 'user',
  summary:
    'Gives a member of this town a role in an organization: owners give every one but their own, admins those below theirs.',
  http: 'PATCH /v1/organizations/{id}/members/{person}',
  input: z.strictObject({
    id: idInput.describe('The organization.'),
    person: personInput,
    role: z
      .enum(['admin', 'manager', 'employee', 'contractor'])
      .describe(
        'admin runs the organization and sees boss_only rows of its towns; the others give no rights.',
      ),
  }),
  output: z.object({ organizationId: z.uuid(), userId: z.uuid(), role: roleOutput }),
  run: async (ctx, { id, person, role }) => {
    const before = refuseUnless(await change(ctx, id, { person, role }), { id, person })
    if (before !== role) {
      await recordChange(ctx, person, { id, before, after: role })
    }
    return { organizationId: id, userId: person, role }
  },
})

const remove = defineOperation({
  id: 'identity.organization_members.remove',
  kind: 'command',
  access: 'user',
  summary: 'Takes a person out of an organization; everybody but its owner may leave it themselves.',
  http: 'DELETE /v1/organizations/{id}/members/{person}',
  input: z.strictObject({ id: idInput.describe('The organization.'), person: personInput }),
  output: z.object({ organizationId: z.uuid(), userId: z.uuid() }),
  run: async (ctx, { id, person }) => {
    const before = refuseUnless(await change(ctx, id, { person, role: null }), { id, person })
    await recordChange(ctx, person, { id, before, after: null })
    return { organizationId: id, userId: person }
  },
})

type Role = z.infer<typeof roleOutput>

function change(
  ctx: Ctx,
  organization: string,
  { person, role }: { person: string; role: Role | null },
): Promise<OrganizationChange> {
  // A role there reaches beyond the town that a key opens.
  authorizeUnlimited(ctx.actor)
  authorizeOwn(ctx.actor)
  return changeOrganizationMember(ctx.tx, { organization, person, role, now: ctx.clock.now() })
}

/** The role that a person had before, null for who is new. Throws what the change was refused for. */
function refuseUnless(outcome: OrganizationChange, data: { id: string; person: string }): Role | null {
  if (outcome === null) throw identityErrors.ORGANIZATION_NOT_FOUND({ data })
  if (outcome === 'stranger') throw identityErrors.MEMBER_NOT_FOUND({ data })
  if (outcome === 'owner') throw identityErrors.ORGANIZATION_OWNER_STAYS({ data })
  if (outcome === 'above') {
    throw identityErrors.FORBIDDEN({ message: 'Your role in this organization does not allow it.', data })
  }
  return outcome === 'done' ? null : outcome
}

function recordChange(
  ctx: Ctx,
  person: string,
  { id, before, after }: { id: string; before: Role | null; after: Role | null },
): Promise<void> {
  const of = (role: Role | null) => (role === null ? null : { organizationId: id, role })
  return record(ctx, {
    kind: after === null ? 'organization_member.removed' : 'organization_member.set',
    entityKind: 'organization_member',
    entityId: person,
    privacy: 'team',
    payload: { organizationId: id, role: after },
    before: of(before),
    after: of(after),
  })
}

export const organizationOperations: readonly AnyOperation[] = [create, list, members, set, remove]
