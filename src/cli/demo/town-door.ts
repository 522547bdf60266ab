import { newId } from '../../kernel/ids.ts'
import type { Call } from '../../demo/fill-town.ts'
import type { AnyOperation } from '../../db/operation.ts'
import type { Door } from '../../doors/door.ts'
import type { Clock } from '../../kernel/clock.ts'
import { callPatiently } from '../patient-call.ts'

type TownDoorParts = { door: Door; operations: readonly AnyOperation[]; clock: Clock; signal: AbortSignal }

const KEY_LIVES_MS = 60 * 60_000

/** Calls operations with the key, null meaning the owner's; what is not bulk has its effect once, even when repeated. */
function callerOf(parts: TownDoorParts, key: string | null): Call {
  const operations = new Map(parts.operations.map((operation) => [operation.id, operation]))
  return (id, input) => {
    const operation = operations.get(id)
    const isOnce = operation?.kind === 'command' && !operation.isSecret && !id.endsWith('.upsert')
    return callPatiently(parts.door, {
      operation: id,
      input,
      credential: key === null ? null : { kind: 'key', key },
      requestId: newId(),
      signal: parts.signal,
      interface: 'cli',
      ...(isOnce ? { idempotencyKey: newId() } : {}),
    })
  }
}

/**
 * Runs `work` in the town of that slug, which is made when there is none, with a key of its own that ends with the work;
 * null is the town of the caller's own key. The work is told whether it is another town.
 */
export async function inTown<T>(
  parts: TownDoorParts,
  slug: string | null,
  work: (call: Call, isOther: boolean) => Promise<T>,
): Promise<T> {
  const call = callerOf(parts, null)
  if (slug === null) return work(call, false)
  const { town } = (await call('identity.whoami', {})) as { town: { slug: string } }
  if (town.slug === slug) return work(call, false)
  if (!(await isTown(call, slug))) await call('town.create', { slug, name: nameOf(slug) })
  const expiresAt = new Date(parts.clock.now().getTime() + KEY_LIVES_MS).toISOString()
  const made = { name: 'robbieverse demo', town: slug, expiresAt }
  const { id, key } = (await call('identity.keys.create', made)) as { id: string; key: string }
  try {
    return await work(callerOf(parts, key), true)
  } finally {
    // Also when the work was stopped; a key that cannot be ended now ends by itself.
    const last = callerOf({ ...parts, signal: new AbortController().signal }, key)
    await last('identity.keys.revoke', { id }).catch(() => undefined)
  }
}

async function isTown(call: Call, slug: string): Promise<boolean> {
  let cursor: unknown
  do {
    const page = (await call('town.list', { limit: 100, ...(cursor ? { cursor } : {}) })) as {
      items: { slug: string }[]
      nextCursor: unknown
    }
    if (page.items.some((town) => town.slug === slug)) return true
    cursor = page.nextCursor
  } while (cursor)
  return false
}

/** `north-shop` as North shop. */
function nameOf(slug: string): string {
  const words = slug.replaceAll('-', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}
