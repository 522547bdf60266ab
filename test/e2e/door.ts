import type { Problem } from '../../src/doors/problem.ts'
import { modules } from '../../src/modules/index.ts'

export const operations = modules.flatMap((module) => module.operations)

export type DoorName = 'http' | 'mcp' | 'cli'
export type Input = Record<string, unknown>
export type CallOptions = { idempotencyKey?: string; interface?: string; signal?: AbortSignal }

/** What a door answered: the value as parsed from the wire, or the problem document. */
export type Reply = { ok: true; value: unknown } | { ok: false; problem: Problem }

/** One door as a client of it sees it; the same calls go through each. */
export type TestDoor = {
  name: DoorName
  /** Calls an operation, whatever comes of it. */
  ask(operation: string, input?: Input, options?: CallOptions): Promise<Reply>
  /** Calls an operation that must succeed. */
  call<T = Value>(operation: string, input?: Input, options?: CallOptions): Promise<T>
  /** Calls an operation that must be refused with this code. */
  refuse(operation: string, input: Input, code: string, options?: CallOptions): Promise<Problem>
  close(): Promise<void>
}

/** JSON of an answer, for tests that look into it field by field. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Value = any

/** Thrown by `call` for a refusal: the message shows the problem document. */
export class Refused extends Error {
  readonly problem: Problem

  constructor(operation: string, problem: Problem) {
    super(`${operation} was refused: ${JSON.stringify(problem)}`)
    this.problem = problem
  }
}

/** A door from its one way to ask. */
export function makeDoor(name: DoorName, ask: TestDoor['ask'], close: () => Promise<void>): TestDoor {
  return {
    name,
    ask,
    close,
    call: async <T>(operation: string, input: Input = {}, options: CallOptions = {}) => {
      const reply = await ask(operation, input, options)
      if (!reply.ok) throw new Refused(operation, reply.problem)
      return reply.value as T
    },
    refuse: async (operation, input, code, options = {}) => {
      const reply = await ask(operation, input, options)
      if (reply.ok) throw new Error(`${operation} was not refused: ${JSON.stringify(reply.value)}`)
      if (reply.problem.code !== code) throw new Refused(`${operation} (expected ${code})`, reply.problem)
      return reply.problem
    },
  }
}

/** The method and address of an operation. Throws for an unknown one. */
export function bindingOf(operation: string): { method: string; path: string } {
  const found = operations.find((known) => known.id === operation)
  if (!found) throw new Error(`there is no operation ${operation}`)
  const [method, path] = found.http.split(' ') as [string, string]
  return { method, path }
}
