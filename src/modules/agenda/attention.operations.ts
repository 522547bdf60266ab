import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, timeInput, versionInput } from '../../kernel/input.ts'
import { outputOf, toOutput, type AnyRow } from '../kit/index.ts'
import { agendaErrors } from './agenda.errors.ts'
import { attentionItems } from './attention.ts'
import { topAttention } from './attention.service.ts'
import { changeSeen } from './closing.service.ts'

const chosen = { id: idInput, version: versionInput }

const top = () =>
  defineOperation({
    id: 'agenda.attention.top',
    kind: 'query',
    access: 'readonly',
    summary:
      'Shows the ten that most ask for your attention: the seven most important, then the three most urgent of the rest.',
    http: 'GET /v1/attention/top',
    input: z.strictObject({}),
    output: z.object({
      items: z.array(
        z.object({
          chosenFor: z.enum(['importance', 'urgency']),
          importance: z
            .number()
            .describe('0-100; its score, raised where it is about somebody very important.'),
          urgency: z.number().describe('0-100; its score, raised as its deadline comes near.'),
          reasons: z.array(z.string()).describe('Why it is among them.'),
          item: outputOf(attentionItems),
        }),
      ),
      nextCursor: z.null(),
    }),
    run: async (ctx) => {
      const items = (await topAttention(ctx)).map(({ chosen_for: chosenFor, row, ...rest }) => ({
        chosenFor,
        importance: rest.importance,
        urgency: rest.urgency,
        reasons: rest.reasons,
        item: toOutput(attentionItems, row) as never,
      }))
      return { items, nextCursor: null }
    },
  })

/** Throws ATTENTION_CLOSED. */
function requireOpen(row: AnyRow): void {
  if (row['is_open'] !== true) throw agendaErrors.ATTENTION_CLOSED({ data: { status: row['status'] } })
}

const snooze = () =>
  defineOperation({
    id: 'agenda.attention.snooze',
    kind: 'command',
    access: 'user',
    summary: 'Puts something that asks for attention out of sight until a time.',
    http: 'POST /v1/attention/{id}/snooze',
    input: z.strictObject({ ...chosen, until: timeInput.describe('When it is to come back.') }),
    output: outputOf(attentionItems),
    run: async (ctx, { until, ...input }) => {
      if (new Date(until) <= ctx.clock.now()) throw agendaErrors.ATTENTION_SNOOZE_PAST()
      const row = await changeSeen(ctx, attentionItems, input, (seen) => {
        requireOpen(seen)
        return { snoozed_until: until, ...firstSeen(seen, ctx.clock.now()) }
      })
      return toOutput(attentionItems, row) as never
    },
  })

/** Whoever does something with it has seen it. */
function firstSeen(row: AnyRow, now: Date): { seen_at?: string } {
  return row['seen_at'] === null ? { seen_at: now.toISOString() } : {}
}

const closing = (verb: 'done' | 'dismiss', column: 'done_at' | 'dismissed_at', summary: string) =>
  defineOperation({
    id: `agenda.attention.${verb}`,
    kind: 'command',
    access: 'user',
    summary,
    http: `POST /v1/attention/{id}/${verb}`,
    input: z.strictObject(chosen),
    output: outputOf(attentionItems),
    run: async (ctx, input) => {
      const now = ctx.clock.now()
      const row = await changeSeen(ctx, attentionItems, input, (seen) => {
        requireOpen(seen)
        return { [column]: now.toISOString(), ...firstSeen(seen, now) }
      })
      return toOutput(attentionItems, row) as never
    },
  })

/** What is done with what asks for attention; made when the facts of the table are there. */
export const attentionOperations = (): AnyOperation[] => [
  top(),
  snooze(),
  closing('done', 'done_at', 'Says that something that asked for attention was dealt with.'),
  closing('dismiss', 'dismissed_at', 'Puts something that asked for attention away unheeded.'),
]
