import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, jsonInput, tagsInput, textInput, versionInput } from '../../kernel/input.ts'
import { record } from '../journal/index.ts'
import { conversationErrors } from './conversation.errors.ts'
import { CONVERSATION_TYPES, conversationOutput, toConversation } from './conversation.operations.ts'
import { updateConversation } from './conversation.queries.ts'
import { getConversation, lockWhole } from './conversation.service.ts'

const update = defineOperation({
  id: 'conversation.update',
  kind: 'command',
  access: 'user',
  summary: 'Changes what a conversation is called and found by; refused when the version you read is stale.',
  http: 'PATCH /v1/conversations/{id}',
  input: z.strictObject({
    id: idInput,
    version: versionInput,
    title: textInput(500).nullable().optional(),
    type: z.enum(CONVERSATION_TYPES).optional(),
    tags: tagsInput.optional(),
    importance: z.int().min(1).max(10).optional().describe('1 (trivial) to 10 (vital).'),
    metadata: jsonInput(20_000).nullable().optional().describe('What else is to be kept of it.'),
  }),
  output: conversationOutput,
  run: async (ctx, { id, version, ...change }) => {
    const before = await lockWhole(ctx, id)
    if (version !== undefined && version !== before.version) {
      throw conversationErrors.CONVERSATION_VERSION_STALE({
        data: { expected: version, current: before.version },
      })
    }
    const { metadata, ...plain } = change
    const given = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
    await updateConversation(
      ctx.tx,
      { town: ctx.town, id },
      {
        ...given,
        ...(metadata === undefined ? {} : { metadata: metadata === null ? null : JSON.stringify(metadata) }),
        updated_at: ctx.clock.now(),
      },
    )
    const after = await getConversation(ctx, id)
    await record(ctx, {
      kind: 'conversation.updated',
      entityKind: 'conversation',
      entityId: id,
      personalityId: before.personality_id,
      privacy: before.privacy,
      payload: { version: after.version },
      before: factsOf(before),
      after: factsOf(after),
    })
    return toConversation(after)
  },
})

function factsOf(row: { title: string | null; type: string; tags: string[]; importance: number }) {
  const { title, type, tags, importance } = row
  return { title, type, tags, importance }
}

export const conversationChangeOperations: readonly AnyOperation[] = [update]
