import { sql } from 'kysely'
import { z } from 'zod'

import type { Ctx } from '../../db/operation.ts'
import { defineResource, type RowChange, type RowOf } from '../kit/index.ts'
import { knowledgeErrors } from './knowledge.errors.ts'
import { clearVerification } from './knowledge.queries.ts'

export const articles = defineResource({
  table: 'knowledge_base',
  id: 'knowledge.articles',
  thing: 'article',
  things: 'articles',
  path: '/v1/articles',
  fields: [
    'title',
    'topic',
    'content',
    'summary',
    'category',
    'tags',
    'importance',
    'confidence',
    'is_public',
    'prerequisites',
    'related_topics',
    'source_references',
    'source_kind',
    'source_id',
    'expires_at',
    'external_id',
  ],
  computed: ['verified_by', 'verified_at', 'access_count', 'helpful_count', 'last_accessed_at'],
  derived: {
    isVerified: {
      sql: sql`(r.verified_at is not null)`,
      output: z.boolean().describe('Whether somebody verified it since its words last changed.'),
    },
  },
  filters: ['topic', 'category', 'is_public', 'source_id', 'verified_by', 'external_id'],
  sorts: ['-created_at', '-importance', 'topic'],
  privacy: 'team',
  indexed: (row) => ({
    title: row.title,
    content: [row.topic, row.summary, row.content, row.category, row.tags.join(' ')],
    importance: row.importance,
    endsAt: row.expires_at,
  }),
  onChange: unverifyChanged,
  violations: { knowledge_base_source_check: () => knowledgeErrors.ARTICLE_SOURCE() },
})

type ArticleRow = RowOf<'knowledge_base'>

/** What somebody verified were other words than those that stand there now. */
async function unverifyChanged(ctx: Ctx, changes: RowChange<ArticleRow>[]): Promise<void> {
  const ids = changes.flatMap(({ before, after }) => {
    if (!before?.verified_at || !after) return []
    const isSame = (['topic', 'title', 'content', 'summary'] as const).every(
      (name) => before[name] === after[name],
    )
    return isSame ? [] : [after.id]
  })
  if (ids.length > 0) await clearVerification(ctx.tx, ctx.town, ids)
}
