import type { z } from 'zod'

import type { Database } from '../db/database.ts'
import type { AnyOperation, Ctx } from '../db/operation.ts'
import { isCompeting, toRobbieError } from '../db/sql-error.ts'
import type { Tx } from '../db/tx.ts'
import type { Clock } from '../kernel/clock.ts'
import type { Actor } from '../kernel/context.ts'
import { bindCursor, unbindCursor } from '../kernel/cursor.ts'
import { kernelErrors, type FieldProblem } from '../kernel/errors.ts'
import type { Logger } from '../kernel/logger.ts'
import { isStreamed, isThreeSteps, pathParameters } from '../kernel/operation.ts'
import type { ChatModel, SignInLinks, SystemProbe, Vault } from '../kernel/services.ts'
import { authenticate, authenticateWith, authorize } from '../modules/identity/index.ts'
import { claimKey, hashRequest, lockReply, storePrepared, storeReply } from '../modules/journal/index.ts'
import type { CallRequest, Door } from './door.ts'
import { isNestedTooDeeply } from './nesting.ts'

export type DispatcherParts = {
  database: Database
  operations: readonly AnyOperation[]
  clock: Clock
  log: Logger
  chat: ChatModel | null
  system: SystemProbe<Tx>
  signInLinks: SignInLinks
  vault: Vault
}

type Call = {
  request: CallRequest
  operation: AnyOperation
  input: Record<string, unknown>
  /** Null for queries, which change nothing. */
  idempotencyKey: string | null
}

/** A competing change is retried this often before the caller is told. */
const RETRIES = 3

/** Runs operations in this process: validation, sign-in, rights, one transaction, idempotency, errors. */
export class Dispatcher implements Door {
  readonly #parts: DispatcherParts
  readonly #operations: Map<string, AnyOperation>
  readonly #operationIds: readonly string[]
  /** Requests with an idempotency key that run in this process right now. */
  readonly #running = new Set<string>()
  readonly #calls = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()

  constructor(parts: DispatcherParts) {
    this.#parts = parts
    this.#operations = new Map(parts.operations.map((operation) => [operation.id, operation]))
    this.#operationIds = [...this.#operations.keys()]
  }

  async call(request: CallRequest): Promise<unknown> {
    const operation = this.#operations.get(request.operation)
    if (!operation) throw kernelErrors.UNKNOWN_OPERATION({ data: { operation: request.operation } })
    if (operation.isSecret && request.idempotencyKey) throw kernelErrors.IDEMPOTENCY_UNSUPPORTED()
    const given = parseInput(operation.input, request.input)
    const list = listName(operation, given)
    const input =
      typeof given['cursor'] === 'string' ? { ...given, cursor: unbindCursor(list, given['cursor']) } : given
    const idempotencyKey = (operation.kind === 'command' && request.idempotencyKey) || null
    const call: Call = { request, operation, input, idempotencyKey }
    const running = idempotencyKey === null ? null : JSON.stringify([request.credential, idempotencyKey])
    if (running !== null && this.#running.has(running)) throw kernelErrors.IDEMPOTENCY_IN_PROGRESS()
    if (running !== null) this.#running.add(running)
    const result = isThreeSteps(operation) ? this.#threeSteps(call) : this.#oneStep(call)
    this.#calls.add(result)
    try {
      return await result
    } catch (error) {
      throw toRobbieError(error)
    } finally {
      this.#calls.delete(result)
      if (running !== null) this.#running.delete(running)
    }
  }

  /** Cancels what waits for a model, and resolves when every call has left its traces: then the database may close. */
  async close(): Promise<void> {
    this.#closing.abort()
    await Promise.allSettled(this.#calls)
  }

  #oneStep(call: Call): Promise<unknown> {
    const { operation, input } = call
    if (isThreeSteps(operation)) throw new Error('not a single step')
    const work = async (ctx: Ctx, first: unknown) => {
      const claimed = await this.#claim(ctx, call)
      if (claimed?.reply !== undefined) return claimed.reply
      const output = shape(call, await operation.run(ctx, input, first as never))
      if (claimed) await storeReply(ctx, claimed.id, output)
      return output
    }
    return this.#transaction(call, work, call.request.signal)
  }

  async #threeSteps(call: Call): Promise<unknown> {
    const { operation, request, input } = call
    if (!isThreeSteps(operation)) throw new Error('not three steps')
    const begin = async (ctx: Ctx) => {
      const claimed = await this.#claim(ctx, call)
      if (claimed?.reply !== undefined) return { actor: ctx.actor, claimed, prepared: null }
      if (claimed?.prepared !== undefined) return { actor: ctx.actor, claimed, prepared: claimed.prepared }
      const prepared = await operation.prepare(ctx, input)
      if (claimed) await storePrepared(ctx, claimed.id, prepared)
      return { actor: ctx.actor, claimed, prepared }
    }
    // What was begun is ended also for a caller who left meanwhile: only the first step asks whether anybody waits.
    const start = await this.#transaction(call, begin, request.signal)
    if (start.claimed?.reply !== undefined) return start.claimed.reply
    const { clock, log, chat, signInLinks } = this.#parts
    const signal = AbortSignal.any([request.signal, this.#closing.signal])
    const emit = (event: Parameters<NonNullable<CallRequest['onEvent']>>[0]) => request.onEvent?.(event)
    let outcome: unknown
    try {
      outcome = await operation.outside(
        { actor: start.actor, clock, log, chat, signInLinks, signal, emit },
        start.prepared as never,
        input,
      )
    } catch (error) {
      await this.#transaction(call, (ctx) => operation.abandon(ctx, start.prepared as never, error)).catch(
        (second) =>
          log.error(
            { err: second, operation: operation.id },
            'could not record that an operation was abandoned',
          ),
      )
      throw error
    }
    return this.#transaction(call, async (ctx) => {
      // The same request may have been finished by another process meanwhile: its answer stands.
      const finished = start.claimed && (await lockReply(ctx, start.claimed.id))
      if (finished) return finished
      const output = shape(
        call,
        await operation.commit(ctx, start.prepared as never, outcome as never, input),
      )
      if (start.claimed) await storeReply(ctx, start.claimed.id, output)
      return output
    })
  }

  async #claim(ctx: Ctx, { idempotencyKey: key, operation, input }: Call) {
    return key === null ? null : claimKey(ctx, { key, hash: hashOf(ctx, operation, input) })
  }

  async #signIn(tx: Tx, { operation, request, input }: Call): Promise<{ actor: Actor; first: unknown }> {
    const by = { credential: request.credential, now: this.#parts.clock.now() }
    const ask = 'first' in operation && operation.first
    if (ask) return authenticateWith(tx, by, () => ask(tx, input))
    return { actor: await authenticate(tx, by.credential, by.now), first: undefined }
  }

  async #transaction<T>(
    call: Call,
    work: (ctx: Ctx, first: unknown) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { database, clock, log, chat, system, vault } = this.#parts
    const { request, operation } = call
    const mode = operation.kind === 'query' ? 'read' : 'write'
    for (let attempt = 1; ; attempt++) {
      try {
        const run = async (tx: Tx) => {
          const { actor, first } = await this.#signIn(tx, call)
          authorize(actor, operation)
          const ctx: Ctx = {
            tx,
            town: actor.townId,
            actor,
            clock,
            log: log.child({ requestId: request.requestId, operation: operation.id }),
            signal: request.signal,
            requestId: request.requestId,
            operation: operation.id,
            interface: request.interface ?? null,
            chat,
            system,
            vault,
            operationIds: this.#operationIds,
          }
          return work(ctx, first)
        }
        return await database.transaction(mode, run, signal)
      } catch (error) {
        if (attempt >= RETRIES || !isCompeting(error)) throw error
      }
    }
  }
}

/** A list is an operation with what its address names, as the messages of one conversation. */
function listName(operation: AnyOperation, input: Record<string, unknown>): string {
  return JSON.stringify([operation.id, pathParameters(operation.http).map((name) => input[name])])
}

function parseInput(schema: z.ZodObject, input: unknown): Record<string, unknown> {
  if (isNestedTooDeeply(input)) {
    throw kernelErrors.INVALID_INPUT({ fields: [{ path: '', message: 'is nested too deeply' }] })
  }
  const result = schema.safeParse(input ?? {})
  if (result.success) return result.data
  throw kernelErrors.INVALID_INPUT({ fields: result.error.issues.flatMap(toProblems) })
}

function toProblems(issue: z.core.$ZodIssue): FieldProblem[] {
  const path = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: [...issue.path, key].join('.'),
      message: 'is not a field of this operation',
    }))
  }
  return [{ path, message: issue.message }]
}

/**
 * How the answer travels is no part of what is asked: a repeated request may ask for another way. What the caller's key is
 * limited to is: a kept answer stands for checks that the operation would make.
 */
function hashOf({ actor, vault }: Ctx, operation: AnyOperation, input: Record<string, unknown>): string {
  const { operations, personalities, isOwn } = actor
  return hashRequest(vault, {
    operation: operation.id,
    limits: { operations, personalities, isOwn },
    input: isStreamed(operation) ? { ...input, stream: undefined } : input,
  })
}

/** Only what the output schema names leaves, in its form; a mismatch is a defect of ours. */
function shape({ operation, input }: Call, output: unknown): unknown {
  const shaped = operation.output.parse(output)
  const cursor = (shaped as { nextCursor?: unknown }).nextCursor
  if (typeof cursor !== 'string') return shaped
  return { ...(shaped as object), nextCursor: bindCursor(listName(operation, input), cursor) }
}
