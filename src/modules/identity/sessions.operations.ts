import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { idInput, pageInput, pageOutput, timeOutput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import { endSession, listAccounts, listSessions } from './sessions.queries.ts'
import { authorizeOwn, authorizeUnlimited } from './sign-in.service.ts'

const list = defineOperation({
  id: 'identity.sessions.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists the browsers in which you are signed in, newest first.',
  http: 'GET /v1/sessions',
  input: z.strictObject(pageInput),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      ipAddress: z.string().nullable(),
      userAgent: z.string().nullable(),
      createdAt: timeOutput,
      lastActivityAt: timeOutput,
      expiresAt: timeOutput,
    }),
  ),
  run: async (ctx, input) => {
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    const rows = await listSessions(ctx.tx, { after: decodeCursor(input.cursor), limit: input.limit })
    return toPage(rows, input.limit, {
      item: (row) => ({
        id: row.id,
        ipAddress: row.ip_address,
        userAgent: row.user_agent,
        createdAt: row.created_at,
        lastActivityAt: row.last_activity,
        expiresAt: row.expires_at,
      }),
      keyset: (row) => ({ value: row.created_at_key, id: row.id }),
    })
  },
})

const end = defineOperation({
  id: 'identity.sessions.end',
  kind: 'command',
  access: 'user',
  summary: 'Signs you out of a browser.',
  http: 'DELETE /v1/sessions/{id}',
  input: z.strictObject({ id: idInput }),
  output: z.object({ id: z.uuid(), ended: z.literal(true) }),
  run: async (ctx, { id }) => {
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    if (!(await endSession(ctx.tx, id))) throw identityErrors.SESSION_NOT_FOUND({ data: { id } })
    await record(ctx, { kind: 'session.ended', entityKind: 'session', entityId: id, privacy: 'private' })
    return { id, ended: true as const }
  },
})

const accounts = defineOperation({
  id: 'identity.accounts.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists the ways in which you have signed in, the last used first; never their secrets.',
  http: 'GET /v1/accounts',
  input: z.strictObject({}),
  output: z.object({
    items: z.array(
      z.object({
        id: z.uuid(),
        provider: z.string().describe('magic-link for one-time links, else who vouched for you.'),
        createdAt: timeOutput,
        lastUsedAt: timeOutput,
      }),
    ),
    nextCursor: z.null(),
  }),
  run: async (ctx) => {
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    const items = (await listAccounts(ctx.tx)).map((row) => ({
      id: row.id,
      provider: row.provider,
      createdAt: row.created_at,
      lastUsedAt: row.last_used_at,
    }))
    return { items, nextCursor: null }
  },
})

export const sessionOperations: readonly AnyOperation[] = [list, end, accounts]
