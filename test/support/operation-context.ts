import type { TransactionMode } from '../../src/db/database.ts'
import type { Ctx } from '../../src/db/operation.ts'
import { Dispatcher } from '../../src/doors/dispatcher.ts'
import { systemClock, type Clock } from '../../src/kernel/clock.ts'
import { newId } from '../../src/kernel/ids.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import type { ChatModel } from '../../src/kernel/services.ts'
import { createVault } from '../../src/kernel/vault.ts'
import { modules } from '../../src/modules/index.ts'
import { actAs, type Person } from './found-town.ts'
import type { TestDatabase } from './test-database.ts'

const log = createLogger('silent')
const system = { status: () => Promise.reject(new Error('no installation in this test')) }

/** The vault of these contexts. */
export const vault = createVault(() => Buffer.alloc(32, 7))
const signInLinks = { make: () => Promise.reject(new Error('no sign-in in this test')) }
const operations = modules.flatMap((module) => module.operations)

type Options = { mode?: TransactionMode; clock?: Clock; operation?: string; interface?: string }

/** Runs `work` in a transaction as the person, with the context that an operation is handed. */
export function actIn<T>(
  test: TestDatabase,
  person: Person,
  work: (ctx: Ctx) => Promise<T>,
  options: Options = {},
): Promise<T> {
  return actAs(
    test,
    person,
    (tx, actor) =>
      work({
        tx,
        town: actor.townId,
        actor,
        clock: options.clock ?? systemClock,
        log,
        signal: new AbortController().signal,
        requestId: newId(),
        operation: options.operation ?? 'test.work',
        interface: options.interface ?? null,
        chat: null,
        system,
        vault,
        operationIds: operations.map((operation) => operation.id),
      }),
    options.mode ?? 'write',
  )
}

/** JSON of an answer, for tests that look into it field by field. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Value = any

/** Calls operations of this database in this process, as the person; replies are offline where there is no model. */
export function operationsAs(
  test: TestDatabase,
  person: Person,
  clock: Clock = systemClock,
  chat: ChatModel | null = null,
) {
  const { database } = test
  const dispatcher = new Dispatcher({ database, operations, clock, log, chat, system, signInLinks, vault })
  return (operation: string, input: Record<string, unknown> = {}, idempotencyKey?: string): Promise<Value> =>
    dispatcher.call({
      operation,
      input,
      credential: { kind: 'key', key: person.key },
      requestId: newId(),
      signal: new AbortController().signal,
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    })
}

/** A clock that stands still until it is set. */
export function stoppedClock(at: string): Clock & { set(at: string): void } {
  let now = new Date(at)
  return { now: () => now, set: (next) => (now = new Date(next)) }
}
