import { z } from 'zod'

import { timeOutput } from '../../kernel/input.ts'
import type { Found } from './search.queries.ts'

/** As much of a recalled text is shown where the caller does not ask for more. */
export const RECALLED_CHARACTERS = 500

/** What a caller sees of something recalled: the text, where it is from, how it scored and why. */
export const recalledOutput = z.object({
  kind: z.string().describe('What sort of thing it is, as in memory, message, contact.'),
  id: z.uuid(),
  conversationId: z.uuid().nullable(),
  personalityId: z.uuid().nullable(),
  speaker: z.string().nullable(),
  subject: z.string().nullable(),
  content: z.string().describe('The text, or the beginning of a long one.'),
  isCut: z.boolean().describe('Whether content is only the beginning.'),
  at: timeOutput,
  importance: z.int(),
  score: z.number(),
  scoreParts: z.object({ keyword: z.number(), recency: z.number(), importance: z.number() }),
  reasons: z.array(z.string()),
})

export type Recalled = z.input<typeof recalledOutput>

/** At most `length` UTF-16 units of the text, without half a character at the end. */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text
  const cut = text.slice(0, length)
  return cut.isWellFormed() ? cut : cut.slice(0, -1)
}

/** Maps a row of the index to what callers see, its text cut to `characters`. */
export function toRecalled(found: Found, characters = RECALLED_CHARACTERS): Recalled {
  const content = cutText(found.content, characters)
  return {
    kind: found.kind,
    id: found.source_id,
    conversationId: found.parent_id,
    personalityId: found.personality_id,
    speaker: found.person,
    subject: found.title,
    content,
    isCut: found.is_cut || content !== found.content,
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
