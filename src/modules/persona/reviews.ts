import { defineResource } from '../kit/index.ts'

export const promptOptimizations = defineResource({
  table: 'prompt_optimizations',
  id: 'persona.optimizations',
  thing: 'prompt_optimization',
  things: 'prompt optimizations',
  path: '/v1/prompt-optimizations',
  fields: [
    'prompt_id',
    'old_version',
    'new_version',
    'changes',
    'reason',
    'performance_before',
    'performance_after',
    'optimized_by',
    'is_rollback_available',
    'external_id',
  ],
  filters: ['prompt_id', 'external_id'],
  privacy: 'team',
  parent: 'prompt_id',
})

export const reviews = defineResource({
  table: 'dungeon_master_reviews',
  id: 'persona.reviews',
  thing: 'review',
  things: 'reviews',
  path: '/v1/reviews',
  fields: [
    'review_on',
    'personalities_reviewed_count',
    'prompts_optimized_count',
    'summary',
    'recommendations',
    'changes',
    'is_report_sent',
    'report_sent_at',
    'is_approved',
    'owner_notes',
    'external_id',
  ],
  filters: ['review_on', 'is_approved', 'external_id'],
  sorts: ['-created_at', '-review_on'],
  privacy: 'team',
  indexed: (row) => ({
    title: null,
    content: [row.summary, ...row.recommendations, row.owner_notes],
  }),
})
