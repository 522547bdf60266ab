import { sql } from 'kysely'

import { beyond } from '../../db/keyset.ts'
import type { Tx } from '../../db/tx.ts'
import type { Keyset } from '../../kernel/cursor.ts'

type Page = { after: Keyset | undefined; limit: number }

export type OrganizationRole = 'owner' | 'admin' | 'manager' | 'employee' | 'contractor'

export type OrganizationRow = {
  id: string
  slug: string
  name: string
  role: OrganizationRole
  towns: { id: string; slug: string; part: 'owner' | 'participant' }[]
  created_at: Date
  created_at_key: string
}

/** Organizations of the acting person after a keyset, oldest first, with those of their towns it has a part in. */
export async function listOrganizations(tx: Tx, page: Page): Promise<OrganizationRow[]> {
  const result = await sql<OrganizationRow>`
    select o.id, o.slug, o.name, o.created_at, o.created_at::text as created_at_key, m.role,
      coalesce(
        (
          select jsonb_agg(jsonb_build_object('id', t.id, 'slug', t.slug, 'part', p.part) order by t.created_at, t.id)
          from organization_towns p join towns t on t.id = p.town_id
          where p.organization_id = o.id
        ),
        '[]'
      ) as towns
    from organizations o
    join organization_memberships m on m.org_id = o.id
      and m.user_id = nullif(current_setting('app.user_id', true), '')::uuid
    where ${beyond(['o.created_at', 'o.id'], 'asc', page.after)}
    order by o.created_at, o.id limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

/** Makes an organization that the actor owns. Violates organizations_slug_key. */
export async function insertOrganization(
  tx: Tx,
  organization: { id: string; slug: string; name: string; createdAt: Date },
): Promise<void> {
  await sql`select identity.create_organization(${JSON.stringify(organization)})`.execute(tx)
}

export type OrganizationMemberRow = {
  user_id: string
  name: string
  email: string
  role: OrganizationRole
  created_at: Date
  created_at_key: string
}

/** Members of an organization of the acting person after a keyset, oldest first; nobody of any other. */
export async function listOrganizationMembers(
  tx: Tx,
  organization: string,
  page: Page,
): Promise<OrganizationMemberRow[]> {
  const result = await sql<OrganizationMemberRow>`
    select m.*, m.created_at::text as created_at_key from identity.list_organization(${organization}) m
    where ${beyond(['m.created_at', 'm.user_id'], 'asc', page.after)}
    order by m.created_at, m.user_id limit ${page.limit + 1}`.execute(tx)
  return result.rows
}

export type OrganizationChange = OrganizationRole | 'done' | 'stranger' | 'above' | null

/** Gives a person a role in an organization, or with null takes them out; answers as change_organization_member does. */
export async function changeOrganizationMember(
  tx: Tx,
  change: { organization: string; person: string; role: OrganizationRole | null; now: Date },
): Promise<OrganizationChange> {
  const { organization, person, role, now } = change
  const result = await sql<{ outcome: OrganizationChange }>`
    select identity.change_organization_member(${organization}, ${person}, ${role}, ${now}) as outcome`.execute(
    tx,
  )
  return result.rows[0]!.outcome
}
