/** One message of a prompt, in the form every provider can be given. */
export type PromptMessage = { role: 'system' | 'user' | 'assistant'; content: string }

/** What a model answered. */
export type Completion = {
  text: string
  model: string
  inputTokens: number | null
  outputTokens: number | null
}

/** A chat model. Where none is configured there is null in its place, and the offline responder answers. */
export type ChatModel = {
  /** Name that is kept with each reply, as in `anthropic:claude-sonnet-4-5`. */
  readonly name: string
  /** Streams the text through `onText` and resolves with all of it. Throws MODEL_* errors. */
  complete(
    messages: PromptMessage[],
    options: { signal: AbortSignal; onText(text: string): void },
  ): Promise<Completion>
}

/** One-time links that sign people in; made by the composition root, on a connection of their own. */
export type SignInLinks = {
  /** A link for the person with this e-mail address, and when it ends. */
  make(email: string): Promise<{ link: string; expiresAt: Date }>
}

/** Encrypts what must not lie readable in the database, with a key that is kept outside it. */
export type Vault = {
  /** The text, encrypted; only what names the same `about` opens it again. */
  seal(text: string, about: string): string
  /** What was sealed. Throws `VaultError` when it was changed, is about something else, or the key is another one. */
  open(sealed: string, about: string): string
  /** 64 hex digits by which the same text is known again, and nobody without the key tries out what it was. */
  fingerprint(text: string): string
}

/** Facts about the installation that need more than a town's rows; answered by the composition root. */
export type SystemProbe<Tx> = {
  /** `forManagers`: with drift and sizes, which tell of the whole installation. */
  status(tx: Tx, options: { forManagers: boolean }): Promise<SystemStatus>
}

/** The body of platform.status. */
export type SystemStatus = {
  version: string
  backend: 'embedded' | 'server'
  serverVersion: string
  vectorVersion: string | null
  model: string
  migrations: { applied: number; pending: string[] }
  /** Null for those who do not manage the town. */
  drift: { kind: string; path: string }[] | null
  queue: { pendingReplies: number }
  /** Null for those who do not manage the town. */
  sizes: { databaseBytes: number; largestTables: { name: string; bytes: number; rows: number }[] } | null
}
