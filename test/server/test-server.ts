/** The three ways to a PostgreSQL with pgvector, in the order in which they are tried. */
export type TestServerSource = 'TEST_DATABASE_URL' | 'docker' | 'debootstrap'

export interface ExecOptions {
  input?: string | Uint8Array
  env?: Record<string, string>
}

/** `stdout` and `stderr` are UTF-8 text; `bytes` is standard output untouched, for binary dumps. */
export interface ExecResult {
  stdout: string
  stderr: string
  code: number
  bytes: Buffer
}

/** A running PostgreSQL 15-18 with pgvector 0.8 or newer available, reached over TCP. */
export interface TestServer {
  /** Superuser `postgres`, database `postgres`, password included; TEST_DATABASE_URL itself if that is the source. */
  url: string
  source: TestServerSource
  /** The server's version number, such as `17.6`. */
  version: string
  /**
   * Runs a client program that matches the server (`['pg_dump', '--schema-only', 'name']`), connected to `url`
   * unless the arguments or `env` say otherwise. It may not see the caller's files: pass data through `input` and
   * standard output. Resolves whatever the exit code is (127: there is no such program); never throws for it.
   */
  exec(args: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /** Ends the server and removes its data; does nothing for TEST_DATABASE_URL. May be called twice. */
  stop(): Promise<void>
  /** SIGKILL for the postmaster and all its processes. Only where the source is `debootstrap`. */
  killHard?(): Promise<void>
  /** Starts again on the same data directory and port, shutting down first if running. Only with `killHard`. */
  restart?(): Promise<void>
}

/** What was tried, and why each attempt failed, in sentences fit to be printed. */
export interface NoTestServer {
  unavailable: string
}

export interface TestServerOptions {
  /** True turns fsync, synchronous_commit and full_page_writes on: for crash tests and benchmarks. */
  durable?: boolean
  /** PostgreSQL settings that win over the defaults for tests; ignored for TEST_DATABASE_URL. */
  settings?: Readonly<Record<string, string>>
  /** Limits the search: `['debootstrap']` is the only source with `killHard` and `restart`. */
  sources?: readonly TestServerSource[]
  /** Hears of slow steps (an image pulled, a tree built), one sentence each. */
  say?: (sentence: string) => void
  /** How long the server may take to answer once its process runs; 60 000 ms by default. */
  startTimeoutMs?: number
}
