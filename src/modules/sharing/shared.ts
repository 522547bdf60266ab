import { defineResource, type Resource } from '../kit/index.ts'

export const SHARED_KINDS = [
  'knowledge',
  'enriched_record',
  'market_intelligence',
  'personality_state',
] as const
export type SharedKind = (typeof SHARED_KINDS)[number]

const LONGEST_INDEXED = 20_000

/** The words among what was shared. */
function wordsOf(...values: unknown[]): string[] {
  const texts = values.flatMap((value) =>
    typeof value === 'object' && value !== null ? Object.values(value) : [value],
  )
  const words = texts.filter((text) => typeof text === 'string' && text !== '').join('\n')
  return [words.slice(0, LONGEST_INDEXED)]
}

const SOURCE = ['grant_id', 'source_town', 'source_id', 'source_version', 'fields', 'expires_at'] as const

// Nobody writes them but grant, revoke and sweep: they have no operations of the kit.
const knowledge = defineResource({
  table: 'shared_knowledge_base',
  id: 'sharing.shared_knowledge',
  thing: 'shared_knowledge',
  things: 'shared_knowledge',
  path: '/v1/shared',
  fields: [],
  computed: [...SOURCE, 'title', 'content', 'category', 'tags', 'metadata'],
  privacy: 'team',
  verbs: [],
  indexed: (row) => ({
    title: row.title,
    content: wordsOf(row.title, row.category, row.tags, row.content),
    endsAt: row.expires_at,
  }),
})

const enrichedRecords = defineResource({
  table: 'shared_enriched_records',
  id: 'sharing.shared_enriched_records',
  thing: 'shared_enriched_record',
  things: 'shared_enriched_records',
  path: '/v1/shared',
  fields: [],
  computed: [
    ...SOURCE,
    'record_type',
    'record_external_id',
    'enrichment_source',
    'data',
    'enriched_at',
    'metadata',
  ],
  privacy: 'team',
  verbs: [],
  indexed: (row) => ({
    title: null,
    content: wordsOf(row.record_type, row.data),
    endsAt: row.expires_at,
  }),
})

const marketIntelligence = defineResource({
  table: 'shared_market_intelligence',
  id: 'sharing.shared_market_intelligence',
  thing: 'shared_market_intelligence',
  things: 'shared_market_intelligence',
  path: '/v1/shared',
  fields: [],
  computed: [
    ...SOURCE,
    'company_domain',
    'company_name',
    'intelligence_type',
    'data',
    'confidence',
    'metadata',
  ],
  privacy: 'team',
  verbs: [],
  indexed: (row) => ({
    title: row.company_name,
    content: wordsOf(row.company_name, row.company_domain, row.intelligence_type, row.data),
    endsAt: row.expires_at,
  }),
})

const personalityState = defineResource({
  table: 'shared_personality_state',
  id: 'sharing.shared_personality_state',
  thing: 'shared_personality_state',
  things: 'shared_personality_states',
  path: '/v1/shared',
  fields: [],
  computed: [...SOURCE, 'personality_slug', 'personality_name', 'mood', 'mode', 'energy', 'focus'],
  privacy: 'team',
  verbs: [],
})

/** Where copies of each kind stand in the town that receives them. */
export const shared: Record<SharedKind, Resource> = {
  knowledge,
  enriched_record: enrichedRecords,
  market_intelligence: marketIntelligence,
  personality_state: personalityState,
}

/** The columns of a copy that are what was shared, and not where it comes from. */
export function contentColumns(kind: SharedKind): string[] {
  const source: readonly string[] = SOURCE
  return shared[kind].computed.filter((column) => !source.includes(column))
}
