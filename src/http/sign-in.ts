import { AsyncLocalStorage } from 'node:async_hooks'

import { Kysely, PostgresDialect, sql } from 'kysely'

import type { Database } from '../db/database.ts'
import type { Logger } from '../kernel/logger.ts'
import { newId } from '../kernel/ids.ts'
import { isSameOrigin } from './guard.ts'
import { httpErrors } from './http.errors.ts'

/** How long a sign-in link works, seconds. */
const LINK_SECONDS = 15 * 60
/** How long a browser stays signed in, seconds. */
const SESSION_SECONDS = 30 * 24 * 60 * 60
const COOKIE_PREFIX = 'robbieverse'
/** The cookie of a session; over https it is called `__Secure-` and this. */
export const SESSION_COOKIE = `${COOKIE_PREFIX}.session_token`
/** Where a sign-in link points, and where signing out is asked for; both under /v1/auth. */
export const LINK_PATH = '/v1/auth/link'
export const SIGN_OUT_PATH = '/v1/auth/sign-out'

export type SignInOptions = {
  database: Database
  /** Asked when the first link or session is: the port is known by then. */
  baseUrl: () => string
  /** At least 32 random characters; cookies are signed with it. */
  secret: string
  log?: Logger
}

/** People's sign-in by one-time links. There is no sign-up: links are made for people who are here already. */
export type SignIn = {
  /** Answers requests under /v1/auth. Throws NOT_FOUND, SIGN_IN_LINK_INVALID, ORIGIN_NOT_ALLOWED. */
  handle(request: Request): Promise<Response | null>
  /** Who the session cookie belongs to; null without one that is alive. */
  sessionUser(headers: Headers): Promise<string | null>
  /** A link that signs the person in once, within 15 minutes. Throws SIGN_IN_UNKNOWN_PERSON. */
  makeLink(email: string): Promise<{ link: string; expiresAt: Date }>
}

type Auth = Awaited<ReturnType<typeof load>>

/** Sign-in over our own tables. better-auth is loaded with the first link or session: start-up does not wait for it. */
export function createSignIn(options: SignInOptions): SignIn {
  if (options.secret.length < 32) throw new Error('the sign-in secret needs at least 32 characters')
  const outbox = new AsyncLocalStorage<{ token: string | null }>()
  let loaded: Promise<Auth> | null = null
  const auth = () => (loaded ??= load(options, outbox))
  return {
    handle: async (request) => {
      const { pathname } = new URL(request.url)
      if (pathname === LINK_PATH && request.method === 'GET') return useLink(await auth(), request)
      if (pathname === SIGN_OUT_PATH && request.method === 'POST') {
        return signOut(await auth(), request, options.baseUrl())
      }
      return null
    },
    sessionUser: async (headers) => {
      if (!headers.get('cookie')?.includes(SESSION_COOKIE)) return null
      const session = await (await auth()).api.getSession({ headers, query: { disableRefresh: true } })
      return session?.user.id ?? null
    },
    makeLink: async (email) => {
      const { api, $context } = await auth()
      const { internalAdapter } = await $context
      if (!(await internalAdapter.findUserByEmail(email))) throw httpErrors.SIGN_IN_UNKNOWN_PERSON()
      const sent = { token: null as string | null }
      await outbox.run(sent, () => api.signInMagicLink({ body: { email }, headers: new Headers() }))
      if (sent.token === null) throw new Error('no sign-in link was made')
      return {
        link: new URL(`${LINK_PATH}?token=${sent.token}`, options.baseUrl()).href,
        expiresAt: new Date(Date.now() + LINK_SECONDS * 1_000),
      }
    },
  }
}

/** Opens a session; the redirect and its cookie are ours, so that no address in the link decides where it leads. */
async function useLink(auth: Auth, request: Request): Promise<Response> {
  const token = new URL(request.url).searchParams.get('token') ?? ''
  const answer = await auth.api.magicLinkVerify({
    query: { token, callbackURL: '/' },
    headers: request.headers,
    asResponse: true,
  })
  const cookies = answer.headers.getSetCookie().filter((cookie) => cookie.includes(SESSION_COOKIE))
  if (answer.status >= 500) throw new Error(`sign-in failed with status ${answer.status}`)
  if (cookies.length === 0) throw httpErrors.SIGN_IN_LINK_INVALID()
  return redirect('/', cookies)
}

async function signOut(auth: Auth, request: Request, baseUrl: string): Promise<Response> {
  if (!isSameOrigin(request, baseUrl)) throw httpErrors.ORIGIN_NOT_ALLOWED()
  const answer = await auth.api.signOut({ headers: request.headers, asResponse: true })
  return redirect('/', answer.headers.getSetCookie())
}

function redirect(location: string, cookies: string[]): Response {
  const headers = new Headers({ location, 'cache-control': 'no-store' })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

async function load(options: SignInOptions, outbox: AsyncLocalStorage<{ token: string | null }>) {
  const [{ betterAuth }, { magicLink }] = await Promise.all([
    import('better-auth'),
    import('better-auth/plugins/magic-link'),
  ])
  const baseUrl = options.baseUrl()
  const db = new Kysely<never>({ dialect: new PostgresDialect({ pool: options.database.deployerPool }) })
  return betterAuth({
    appName: 'RobbieVerse',
    baseURL: baseUrl,
    basePath: '/v1/auth',
    // A list, because a single `secret` would give way to an environment variable of better-auth's own.
    secrets: [{ version: 1, value: options.secret }],
    // Names are qualified in each statement: a search_path would stay on a connection that others use next. Without
    // transactions of its own, because the embedded database has one connection, and one held open blocks everybody.
    database: { db, type: 'postgres', schemaName: 'identity', transaction: false },
    ...tables,
    // Every session begins with a link; better-auth itself keeps accounts of passwords and providers alone.
    databaseHooks: { session: { create: { after: ({ userId }) => keepLinkAccount(db, userId) } } },
    session: { ...tables.session, expiresIn: SESSION_SECONDS },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      useSecureCookies: baseUrl.startsWith('https:'),
      database: { generateId: () => newId(), validateSchema: false },
      // The forwarded address is whatever the client says, as long as no proxy is configured.
      ipAddress: { disableIpTracking: true },
    },
    plugins: [
      magicLink({
        expiresIn: LINK_SECONDS,
        disableSignUp: true,
        storeToken: 'hashed',
        sendMagicLink: ({ token }) => {
          const sent = outbox.getStore()
          if (sent) sent.token = token
        },
      }),
    ],
    rateLimit: { enabled: false },
    telemetry: { enabled: false },
    logger: {
      log: (level, message) => {
        if (level === 'error' || level === 'warn') options.log?.[level]({ from: 'better-auth' }, message)
      },
    },
  })
}

/** Keeps that a person signs in with links: once, with the time of the last one. */
async function keepLinkAccount(db: Kysely<never>, userId: string): Promise<void> {
  const now = new Date()
  await sql`
    insert into identity.accounts (id, user_id, account_id, provider_id, created_at, updated_at)
    values (${newId()}, ${userId}, ${userId}, 'magic-link', ${now}, ${now})
    on conflict on constraint accounts_provider_id_account_id_key do update set updated_at = excluded.updated_at`.execute(
    db,
  )
}

const times = { createdAt: 'created_at', updatedAt: 'updated_at' }

/** better-auth's names for what stands in the schema identity. */
const tables = {
  user: { modelName: 'users', fields: { emailVerified: 'email_verified', ...times } },
  session: {
    modelName: 'sessions',
    fields: {
      userId: 'user_id',
      expiresAt: 'expires_at',
      ipAddress: 'ip_address',
      userAgent: 'user_agent',
      ...times,
    },
  },
  account: {
    modelName: 'accounts',
    fields: {
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
      ...times,
    },
  },
  verification: { modelName: 'verifications', fields: { expiresAt: 'expires_at', ...times } },
}
