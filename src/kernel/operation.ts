import type { z } from 'zod'

import type { Context, OutsideContext, TownRole } from './context.ts'

export type HttpMethod = 'GET' | 'POST' | 'PATCH' | 'DELETE'

/** A method and a path under /v1; `{name}` in the path is the input field of that name. */
export type HttpBinding = `${HttpMethod} /v1/${string}`

/** Input is always an object, so that flags, query strings and tool arguments all have names. */
export type InputSchema = z.ZodObject

type Declaration<In extends InputSchema, Out extends z.ZodType> = {
  /** `module.verb` or `module.thing.verb`; the name in every door and in API-key scopes. */
  id: string
  kind: 'query' | 'command'
  /** The least role in the town that may call it. */
  access: TownRole
  /** One sentence; the OpenAPI summary, the MCP tool description and the CLI help. */
  summary: string
  http: HttpBinding
  input: In
  output: Out
  /** HTTP status of success; 201 for what creates. */
  status?: 200 | 201
  /** The answer may hold a secret: it is not kept for repeated requests, so an idempotency key is refused. */
  isSecret?: true
  /** Longest body in bytes that its HTTP and MCP requests may have; 2 MiB when left out. */
  maxBodyBytes?: number
}

/** An operation that is one transaction. */
export type SingleStep<Tx, In extends InputSchema, Out extends z.ZodType, First = never> = Declaration<
  In,
  Out
> & {
  /**
   * What it asks first, sent together with the sign-in to spare a round trip. Row-level security and `actingTown` hold; the
   * rights to the operation are checked only afterwards, so that it may read, and lock without waiting, and nothing else.
   */
  first?(tx: Tx, input: z.output<In>): Promise<First>
  run(ctx: Context<Tx>, input: z.output<In>, first: First): Promise<z.input<Out>>
}

/**
 * An operation that asks a model or a provider. `prepare` and `commit` are a transaction each; `outside` runs between
 * them with none open, because an open transaction blocks the embedded database and the town's counter row.
 * The prepared value must survive JSON: a repeated request with the same idempotency key resumes from it.
 */
export type ThreeSteps<Tx, In extends InputSchema, Out extends z.ZodType> = Declaration<In, Out> & {
  prepare(ctx: Context<Tx>, input: z.output<In>): Promise<unknown>
  outside(ctx: OutsideContext, prepared: never, input: z.output<In>): Promise<unknown>
  commit(ctx: Context<Tx>, prepared: never, outcome: never, input: z.output<In>): Promise<z.input<Out>>
  /** Called in a transaction of its own when `outside` failed, so that nothing stays half done. */
  abandon(ctx: Context<Tx>, prepared: never, error: unknown): Promise<void>
}

/** What adapters see: one definition, every door. */
export type Operation<Tx> = SingleStep<Tx, InputSchema, z.ZodType> | ThreeSteps<Tx, InputSchema, z.ZodType>

/** Whether the answer can come in pieces while it is made: then the operation has `streamInput` as its input `stream`. */
export function isStreamed<Tx>(operation: Operation<Tx>): boolean {
  return 'stream' in operation.input.shape
}

export function isThreeSteps<Tx>(
  operation: Operation<Tx>,
): operation is ThreeSteps<Tx, InputSchema, z.ZodType> {
  return 'prepare' in operation
}

/** The steps of a `ThreeSteps`, typed among themselves before they are put into the common shape. */
export type StepsOf<Tx, In extends InputSchema, Out extends z.ZodType, Prepared, Outcome> = Declaration<
  In,
  Out
> & {
  prepare(ctx: Context<Tx>, input: z.output<In>): Promise<Prepared>
  outside(ctx: OutsideContext, prepared: Prepared, input: z.output<In>): Promise<Outcome>
  commit(ctx: Context<Tx>, prepared: Prepared, outcome: Outcome, input: z.output<In>): Promise<z.input<Out>>
  abandon(ctx: Context<Tx>, prepared: Prepared, error: unknown): Promise<void>
}

/** Names of the path's parameters, in order. */
export function pathParameters(http: HttpBinding): string[] {
  return [...http.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
}

/** `GET /v1/x` as its two parts. */
export function splitBinding(http: HttpBinding): { method: HttpMethod; path: string } {
  const [method, path] = http.split(' ') as [HttpMethod, string]
  return { method, path }
}

/** The name of the operation as an MCP tool: `memory.recall` is `memory_recall`. */
export function toolName(id: string): string {
  return id.replaceAll('.', '_')
}
