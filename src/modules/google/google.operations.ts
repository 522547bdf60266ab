import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, pageInput, pageOutput, tagsInput, versionInput } from '../../kernel/input.ts'
import { changeRow, listPage, outputOf, toOutput, type Resource } from '../kit/index.ts'
import { ACCESS_KINDS, listOpenKinds, type AccessKind } from './access.queries.ts'
import { inAccount } from './access.service.ts'
import { mails, threads } from './mail.ts'
import { events, files, googleContacts, googleTasks } from './mirrored.ts'

const access = defineOperation({
  id: 'google.access',
  kind: 'query',
  access: 'readonly',
  summary: 'Tells what of a Google account you may see: all of your own, and what access rules open to you.',
  http: 'GET /v1/google/accounts/{id}/access',
  input: z.strictObject({ id: idInput.describe('The account.') }),
  output: z.object({ kinds: z.array(z.enum(ACCESS_KINDS)) }),
  run: async (ctx, { id }) => ({
    kinds: await listOpenKinds(ctx.tx, {
      viewerId: ctx.actor.userId,
      accountId: id,
      at: ctx.clock.now(),
    }),
  }),
})

type Shared = { name: string; called: string; kind: AccessKind; resource: Resource; sort: string }

const shared: Shared[] = [
  { name: 'mails', called: 'mails', kind: 'gmail', resource: mails, sort: '-receivedAt' },
  { name: 'threads', called: 'threads of mails', kind: 'gmail', resource: threads, sort: '-lastMessageAt' },
  { name: 'events', called: 'events', kind: 'calendar', resource: events, sort: 'startsAt' },
  { name: 'files', called: 'files', kind: 'drive', resource: files, sort: '-providerModifiedAt' },
  { name: 'tasks', called: 'tasks', kind: 'tasks', resource: googleTasks, sort: 'dueAt' },
  { name: 'contacts', called: 'contacts', kind: 'contacts', resource: googleContacts, sort: 'fullName' },
]

/** Lists one kind of things of somebody's account to whom an access rule opens them. */
function sharedOperation({ name, called, kind, resource, sort }: Shared): AnyOperation {
  return defineOperation({
    id: `google.shared_${name}`,
    kind: 'query',
    access: 'readonly',
    summary: `Lists the ${called} of a Google account, if it is yours or an access rule opens them to you.`,
    http: `GET /v1/google/accounts/{id}/${name}`,
    input: z.strictObject({ id: idInput.describe('The account.'), ...pageInput }),
    output: pageOutput(outputOf(resource)),
    run: (ctx, { id, ...page }) =>
      inAccount(
        ctx,
        { accountId: id, kind },
        () => listPage(ctx, resource, { googleUserId: id, sort, ...page } as never) as never,
      ),
  })
}

/** Made when first asked for: the facts of new tables are generated after they are declared. */
function markOperation(): AnyOperation {
  return defineOperation({
    id: 'google.mark_thread',
    kind: 'command',
    access: 'user',
    summary:
      'Says what you hold of a thread of mails: whom it is with, whether it needs an answer, its tags.',
    http: 'PATCH /v1/google/threads/{id}',
    input: z.strictObject({
      id: idInput,
      version: versionInput,
      contactId: idInput.nullable().optional().describe('Contact it is with.'),
      requiresResponse: z.boolean().optional().describe('Whether somebody waits for an answer.'),
      isImportant: z.boolean().optional(),
      sentiment: z.enum(['positive', 'neutral', 'negative', 'mixed']).nullable().optional(),
      tags: tagsInput.optional(),
    }),
    output: outputOf(threads),
    run: async (ctx, { id, version, ...marks }) => {
      const given = {
        contact_id: marks.contactId,
        requires_response: marks.requiresResponse,
        is_important: marks.isImportant,
        sentiment: marks.sentiment,
        tags: marks.tags,
      }
      const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      return toOutput(
        threads,
        await changeRow(ctx, threads, { id, version, values, privacy: undefined }),
      ) as never
    },
  })
}

/** The operations of this module that no resource makes. */
export function googleOperations(): AnyOperation[] {
  return [access, ...shared.map(sharedOperation), markOperation()]
}
