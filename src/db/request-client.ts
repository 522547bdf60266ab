import pg from 'pg'

import { isStalePlan } from './sql-error.ts'

/** Statements one connection keeps prepared; each holds its plan in the server's memory. */
const MOST_PREPARED = 300
/** A longer text is a list of a length that hardly comes twice. */
const MOST_CHARACTERS = 6_000

type QueryArguments = [text: unknown, values?: unknown, callback?: unknown]

/** Stands at the head of a statement whose answer the next one waits for. */
export const UNAWAITED = '/* unawaited */ '

/**
 * The client of requests, which spares them waiting and planning.
 * - A statement marked as `UNAWAITED` is kept back and resolves at once, with the promise of its answer as its one row. It
 *   is sent together with the next one of the transaction, which fails with its failure. In pipeline mode (`requestPool`)
 *   this spares round trips: what opens a transaction travels with its first statement, and what is written last with its
 *   commit.
 * - Each parameterised statement is prepared once, and those that were used last are kept: parsing and planning are most of
 *   the time of a small statement. One whose result a deploy has changed fails once, as a competing change does, and is
 *   prepared anew.
 */
class RequestClient extends pg.Client {
  /** Names by text, the one that was not used for longest first. No name is given twice. */
  readonly #names = new Map<string, string>()
  #count = 0
  /** Answers that nobody has waited for yet. */
  #unawaited: Promise<unknown>[] = []

  // The overloads of `query` take what we hand on unchanged.
  override query = ((...given: QueryArguments) => {
    const [text] = given
    const { stream } = this.connection
    const isUnawaited = typeof text === 'string' && text.startsWith(UNAWAITED)
    if (isUnawaited && this.#unawaited.length === 0) stream.cork()
    const answer = this.#send(given)
    if (!isUnawaited && this.#unawaited.length > 0) stream.uncork()
    // What ends a transaction that failed does not fail with it: its connection would be thrown away.
    if (text === 'rollback') this.#unawaited = []
    if (isUnawaited) {
      const promised = Promise.resolve(answer)
      promised.catch(() => undefined)
      this.#unawaited.push(promised)
      return Promise.resolve({ command: '', rowCount: null, rows: [promised] })
    }
    if (this.#unawaited.length === 0) return answer
    // Answers come in the order of sending: the first failure is the one that is told.
    const all = Promise.all([...this.#unawaited, answer])
    this.#unawaited = []
    return all.then((answers) => answers.at(-1))
  }) as unknown as pg.Client['query']

  #send(given: QueryArguments): unknown {
    const [text, values, ...rest] = given
    const isWorthIt = typeof text === 'string' && Array.isArray(values) && values.length > 0
    const name = isWorthIt && text.length <= MOST_CHARACTERS ? this.#nameOf(text) : null
    const send = super.query.bind(this) as (...all: unknown[]) => unknown
    if (name === null) return send(...given)
    const answer = send({ name, text, values }, ...rest)
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#forgetStale(text as string, error))
    return answer
  }

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `rv_${(this.#count += 1)}`
    this.#names.delete(text)
    this.#names.set(text, name)
    if (this.#names.size > MOST_PREPARED) this.#forgetOldest()
    return name
  }

  #forgetStale(text: string, error: unknown): void {
    if (isStalePlan(error)) this.#forget(text)
  }

  #forgetOldest(): void {
    this.#forget(this.#names.keys().next().value!)
  }

  #forget(text: string): void {
    const name = this.#names.get(text)
    if (name === undefined) return
    this.#names.delete(text)
    const connection = this.connection as pg.Connection & { parsedStatements: Record<string, string> }
    delete connection.parsedStatements[name]
    // A message of the protocol and no DEALLOCATE: that would fail in a transaction that an error has ended, and would
    // itself end one when the statement never came to be. It is answered together with the next query.
    connection.close({ type: 'S', name }, true)
  }
}

/** Options of a pool that requests are run on. */
export const requestPool = { Client: RequestClient, pipeline: true } satisfies pg.PoolConfig
