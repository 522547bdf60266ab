import type { Ctx } from '../../db/operation.ts'
import { violates } from '../../db/sql-error.ts'
import type { Privacy } from '../../kernel/context.ts'
import { newId } from '../../kernel/ids.ts'
import { VaultError } from '../../kernel/vault.ts'
import { authorizePrivacy } from '../identity/index.ts'
import { record } from '../journal/index.ts'
import { platformErrors } from './platform.errors.ts'
import {
  deleteSecret,
  findSecrets,
  insertSecret,
  lockSecret,
  updateSecret,
  type SecretRow,
} from './secrets.queries.ts'

/** What a secret opens, and for whom: null is the whole town. */
export type SecretName = { service: string; keyName: string; scopeId: string | null }

export type NewSecret = SecretName & {
  value: string
  metadata: Record<string, unknown>
  expiresAt: string | null
  privacy: Privacy
}

/** Below this a hint would tell too much of it. */
const SHORTEST_HINTED = 16
const HINTED_CHARACTERS = 4

function hintOf(value: string): string {
  return value.length < SHORTEST_HINTED ? '' : value.slice(-HINTED_CHARACTERS)
}

function aboutOf(town: string, { service, keyName, scopeId }: SecretName): string {
  return JSON.stringify(['secret', town, service, keyName, scopeId ?? ''])
}

/** Opens what this process sealed. Throws SECRET_UNREADABLE where the key is another one. */
export function openSealed(ctx: Ctx, sealed: string, about: string): string {
  try {
    return ctx.vault.open(sealed, about)
  } catch (error) {
    if (error instanceof VaultError) throw platformErrors.SECRET_UNREADABLE({ cause: error })
    throw error
  }
}

/**
 * The secret itself, for code that calls the service: the one for the thing where there is one, else the town's. Null
 * where there is none that the actor may see. Never for an answer, an event or a log.
 */
export async function readSecret(ctx: Ctx, name: SecretName): Promise<string | null> {
  const scopeIds = [name.scopeId ?? '', '']
  const [row] = await findSecrets(ctx.tx, ctx.town, { ...name, scopeIds })
  if (!row) return null
  return openSealed(ctx, row.sealed_value, aboutOf(ctx.town, nameOf(row)))
}

function nameOf(row: SecretRow): SecretName {
  return { service: row.service, keyName: row.key_name, scopeId: row.scope_id === '' ? null : row.scope_id }
}

/** Keeps a secret. Throws SECRET_EXISTS, PRIVACY_NOT_ALLOWED. */
export async function storeSecret(ctx: Ctx, secret: NewSecret): Promise<SecretRow> {
  authorizePrivacy(ctx.actor, secret.privacy)
  const now = ctx.clock.now()
  const row = await insertOnce(ctx, {
    town_id: ctx.town,
    id: newId(),
    service: secret.service,
    key_name: secret.keyName,
    scope: secret.scopeId === null ? 'town' : 'entity',
    scope_id: secret.scopeId ?? '',
    sealed_value: ctx.vault.seal(secret.value, aboutOf(ctx.town, secret)),
    hint: hintOf(secret.value),
    metadata: JSON.stringify(secret.metadata),
    expires_at: secret.expiresAt === null ? null : new Date(secret.expiresAt),
    privacy: secret.privacy,
    created_by: ctx.actor.userId,
    created_at: now,
    updated_at: now,
  })
  await keep(ctx, { kind: 'secret.created', row, before: null, after: row })
  return row
}

async function insertOnce(ctx: Ctx, row: Parameters<typeof insertSecret>[1]): Promise<SecretRow> {
  try {
    return await insertSecret(ctx.tx, row)
  } catch (error) {
    if (violates(error, 'secrets_name_key')) throw platformErrors.SECRET_EXISTS()
    throw error
  }
}

/** Puts a new value in the place of the old one, which is gone. Throws SECRET_NOT_FOUND. */
export async function rotateSecret(
  ctx: Ctx,
  id: string,
  { value, expiresAt }: { value: string; expiresAt: string | null },
): Promise<SecretRow> {
  const before = await getSecret(ctx, id)
  const now = ctx.clock.now()
  const row = await updateSecret(
    ctx.tx,
    { town: ctx.town, id },
    {
      sealed_value: ctx.vault.seal(value, aboutOf(ctx.town, nameOf(before))),
      hint: hintOf(value),
      rotation_count: before.rotation_count + 1,
      rotated_at: now,
      expires_at: expiresAt === null ? null : new Date(expiresAt),
      version: before.version + 1,
      updated_at: now,
    },
  )
  await keep(ctx, { kind: 'secret.rotated', row, before, after: row })
  return row
}

/** Removes a secret for good. Throws SECRET_NOT_FOUND. */
export async function removeSecret(ctx: Ctx, id: string): Promise<void> {
  const before = await getSecret(ctx, id)
  await deleteSecret(ctx.tx, ctx.town, id)
  await keep(ctx, { kind: 'secret.deleted', row: before, before, after: null })
}

async function getSecret(ctx: Ctx, id: string): Promise<SecretRow> {
  const row = await lockSecret(ctx.tx, ctx.town, id)
  if (!row) throw platformErrors.SECRET_NOT_FOUND({ data: { id } })
  return row
}

type Kept = { kind: string; row: SecretRow; before: SecretRow | null; after: SecretRow | null }

/** The journal says that it changed, and nothing of what it is or was. */
async function keep(ctx: Ctx, { kind, row, before, after }: Kept): Promise<void> {
  const shown = (each: SecretRow | null) =>
    each && {
      ...nameOf(each),
      rotationCount: each.rotation_count,
      expiresAt: each.expires_at,
      privacy: each.privacy,
    }
  await record(ctx, {
    kind,
    entityKind: 'secret',
    entityId: row.id,
    privacy: row.privacy,
    payload: { service: row.service },
    before: shown(before),
    after: shown(after),
  })
}
