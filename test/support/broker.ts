import { rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'

import { startTestServer, type TestServer } from '../server/postgres-server.ts'
import { makeEmbeddedImage, type BackendVersions } from './embedded-image.ts'
import { makeRunFolder } from './run-folder.ts'
import { makeServerTemplate, runOn } from './server-template.ts'

/** What the tests may ask of the process that runs them all. */
export type BrokerRequest =
  | { ask: 'embedded' }
  | { ask: 'server' }
  | { ask: 'exec'; args: string[]; input?: string; env?: Record<string, string> }

export type EmbeddedAnswer = { image: string }
export type ServerAnswer = { url: string; template: string; version: string } | { unavailable: string }
export type ExecAnswer = { stdout: string; stderr: string; code: number }

/** Which back ends a run used, in sentences fit to be printed. */
export type BackendsReport = { embedded: string | null; server: string | null; hasNoServer: boolean }

/**
 * Owns what all test files share: the PostgreSQL server with its template database, and the image of a deployed
 * embedded database. Each is made when a test first asks, over a socket, because test files run in processes of
 * their own: a run of pure rules starts nothing.
 */
export class Broker {
  readonly address: string
  readonly #folder = makeRunFolder()
  readonly #template = `robbieverse_template_${process.pid}`
  readonly #http = createServer((request, response) => void this.#serve(request, response))
  readonly #report: BackendsReport = { embedded: null, server: null, hasNoServer: false }
  #embedded: Promise<EmbeddedAnswer> | null = null
  #server: Promise<{ server: TestServer | null; answer: ServerAnswer }> | null = null

  constructor() {
    this.address = join(this.#folder, 'broker.sock')
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#http.listen(this.address, resolve))
  }

  /** Ends the server, removes everything, and says what was used. */
  async close(): Promise<BackendsReport> {
    this.#http.closeAllConnections()
    this.#http.close()
    const started = await this.#server?.catch(() => null)
    if (started?.server) {
      await runOn(started.server.url, `drop database if exists ${this.#template} with (force)`)
      await started.server.stop()
    }
    rmSync(this.#folder, { recursive: true, force: true })
    return this.#report
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    try {
      const answer = await this.#answer(JSON.parse(Buffer.concat(chunks).toString()) as BrokerRequest)
      response.end(JSON.stringify(answer))
    } catch (error) {
      response.statusCode = 500
      response.end(error instanceof Error ? (error.stack ?? error.message) : String(error))
    }
  }

  async #answer(request: BrokerRequest): Promise<EmbeddedAnswer | ServerAnswer | ExecAnswer> {
    switch (request.ask) {
      case 'embedded':
        return (this.#embedded ??= this.#makeEmbedded())
      case 'server':
        return (await (this.#server ??= this.#startServer())).answer
      case 'exec': {
        const { server } = await (this.#server ??= this.#startServer())
        if (!server) throw new Error('there is no server to run programs against')
        const { input, env } = request
        const result = await server.exec(request.args, {
          ...(input ? { input } : {}),
          ...(env ? { env } : {}),
        })
        return { stdout: result.stdout, stderr: result.stderr, code: result.code }
      }
    }
  }

  async #makeEmbedded(): Promise<EmbeddedAnswer> {
    const { image, versions } = await makeEmbeddedImage(this.#folder)
    this.#report.embedded = `embedded: PGlite, ${describe(versions)}`
    return { image }
  }

  async #startServer(): Promise<{ server: TestServer | null; answer: ServerAnswer }> {
    const server = await startTestServer({ say: (sentence) => console.error(sentence) })
    if ('unavailable' in server) {
      this.#report.server = server.unavailable
      this.#report.hasNoServer = true
      return { server: null, answer: server }
    }
    const versions = await makeServerTemplate(server, this.#template)
    this.#report.server = `server: ${server.source}, ${describe(versions)}`
    return { server, answer: { url: server.url, template: this.#template, version: server.version } }
  }
}

function describe(versions: BackendVersions): string {
  return `PostgreSQL ${versions.postgres} with pgvector ${versions.vector}`
}
