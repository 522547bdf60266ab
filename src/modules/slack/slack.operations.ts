import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, versionInput } from '../../kernel/input.ts'
import { changeRow, outputOf, toOutput } from '../kit/index.ts'
import { slackMessages } from './messages.ts'

/** The operations of this module that no resource makes; made when first asked for, as those are. */
export function slackOperations(): AnyOperation[] {
  const mark = defineOperation({
    id: 'slack.mark_message',
    kind: 'command',
    access: 'user',
    summary:
      'Says what you hold of a Slack message: whether it is important, whether it asks something of you.',
    http: 'PATCH /v1/slack/messages/{id}',
    input: z.strictObject({
      id: idInput,
      version: versionInput,
      isImportant: z.boolean().optional(),
      requiresAction: z.boolean().optional().describe('Whether its reader has to do something.'),
      sentiment: z.enum(['positive', 'neutral', 'negative', 'mixed']).nullable().optional(),
    }),
    output: outputOf(slackMessages),
    run: async (ctx, { id, version, ...marks }) => {
      const given = {
        is_important: marks.isImportant,
        requires_action: marks.requiresAction,
        sentiment: marks.sentiment,
      }
      const values = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
      const row = await changeRow(ctx, slackMessages, { id, version, values, privacy: undefined })
      return toOutput(slackMessages, row) as never
    },
  })
  return [mark]
}
