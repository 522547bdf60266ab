import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput } from '../../kernel/input.ts'
import { MOODS } from '../persona/index.ts'
import { recalledOutput } from '../search/index.ts'
import { assembleContext, toAnthropic, toPromptMessages } from './context.service.ts'

/** Tokens of context that a reply is made with. */
export const DEFAULT_BUDGET = 8_000

const promptMessage = z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })

const context = defineOperation({
  id: 'conversation.context',
  kind: 'query',
  access: 'readonly',
  summary: 'Answers what a model needs for the next reply, never over the budget in tokens.',
  http: 'GET /v1/conversations/{id}/context',
  input: z.strictObject({
    id: idInput,
    budget: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(DEFAULT_BUDGET)
      .describe('Most tokens (o200k_base) it may have.'),
    format: z.enum(['openai', 'anthropic', 'parts']).default('parts'),
  }),
  output: z.object({
    format: z.enum(['openai', 'anthropic', 'parts']),
    personality: z.string(),
    mood: z.enum(MOODS),
    budget: z.int(),
    tokens: z.int(),
    system: z.string().optional().describe('The system text (format anthropic).'),
    messages: z.array(promptMessage).optional().describe('The messages (formats openai and anthropic).'),
    parts: z
      .array(
        z.object({
          kind: z.enum(['prompt', 'manner', 'recalled', 'message']),
          role: z.enum(['system', 'user', 'assistant']),
          content: z.string(),
          tokens: z.int(),
          id: z.uuid().optional(),
        }),
      )
      .optional()
      .describe('The parts with their tokens (format parts).'),
    recalled: z.array(recalledOutput),
  }),
  run: async (ctx, input) => {
    const assembled = await assembleContext(ctx, input.id, { budget: input.budget })
    const { row, budget, tokens, recalled } = assembled
    const common = { format: input.format, personality: row.slug, mood: row.mood, budget, tokens, recalled }
    switch (input.format) {
      case 'openai':
        return { ...common, messages: toPromptMessages(assembled) }
      case 'anthropic':
        return { ...common, ...toAnthropic(assembled) }
      case 'parts':
        return { ...common, parts: assembled.parts }
    }
  },
})

export const contextOperations: readonly AnyOperation[] = [context]
