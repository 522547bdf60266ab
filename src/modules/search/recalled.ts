import { z } from 'zod'

import { timeOutput } from '../../kernel/input.ts'
import { RECALLABLE_KINDS, type Found } from './search.queries.ts'

/** What a caller sees of something recalled: the text, where it is from, how it scored and why. */
export const recalledOutput = z.object({
  kind: z.enum(RECALLABLE_KINDS),
  id: z.uuid(),
  conversationId: z.uuid().nullable(),
  personalityId: z.uuid().nullable(),
  speaker: z.string().nullable(),
  subject: z.string().nullable(),
  content: z.string(),
  at: timeOutput,
  importance: z.int(),
  score: z.number(),
  scoreParts: z.object({ keyword: z.number(), recency: z.number(), importance: z.number() }),
  reasons: z.array(z.string()),
})

export type Recalled = z.input<typeof recalledOutput>

/** Maps a row of the index to what callers see. */
export function toRecalled(found: Found): Recalled {
  return {
    kind: found.kind,
    id: found.source_id,
    conversationId: found.parent_id,
    personalityId: found.personality_id,
    speaker: found.person,
    subject: found.title,
    content: found.content,
    at: found.at,
    importance: found.importance,
    score: found.score,
    scoreParts: {
      keyword: found.keyword_score,
      recency: found.recency_score,
      importance: found.importance_score,
    },
    reasons: reasonsOf(found),
  }
}

function reasonsOf(found: Found): string[] {
  const reasons = [`has ${found.matched.map((stem) => `"${stem}"`).join(', ')} of the question`]
  if (found.recency_score > 0.8) reasons.push('is recent')
  if (found.importance >= 8) reasons.push(`has importance ${found.importance}`)
  return reasons
}
