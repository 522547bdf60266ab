import { listed, type Rule } from './rule.ts'

const CHANGING: { pattern: RegExp; what: string }[] = [
  { pattern: /\bcurrent_setting\s*\(/i, what: 'settings' },
  {
    pattern: /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday)\s*\(/i,
    what: 'the clock',
  },
  { pattern: /\b(current_timestamp|current_date|localtimestamp|current_time)\b/i, what: 'the clock' },
  { pattern: /\b(random|gen_random_uuid|uuid_generate_v4|nextval)\s*\(/i, what: 'what is new each time' },
  { pattern: /\b(current_user|session_user|current_role|current_schema)\b/i, what: 'who asks' },
]

/** Declared immutable, and depends on more than its arguments: indexes and plans keep old answers. */
export const immutableReadsSettings: Rule = {
  id: 'immutable-reads-settings',
  severity: 'warning',
  confidence: 'read',
  summary: 'A function that is declared immutable reads settings, the clock or tables.',
  why: 'Its result is kept in indexes and plans after it has changed.',
  fix: 'Declare it stable, or volatile where it changes something.',
  phase: 'functions',
  action: (what) => `Declare ${what('function')} stable`,
  check: ({ simulated }) => {
    const tables = new Set(simulated.flatMap((one) => [...one.tables.values()].map(({ name }) => name)))
    const all = simulated.flatMap(({ functions }) =>
      [...functions.values()].flatMap(({ volatility, schema, name, body, place }) => {
        if (volatility !== 'immutable') return []
        const code = withoutComments(body)
        const read = [
          ...CHANGING.filter(({ pattern }) => pattern.test(code)).map(({ what }) => what),
          ...[...code.matchAll(/\b(?:from|join)\s+(?:\w+\.)?(\w+)/gi)]
            .map((match) => match[1]!.toLowerCase())
            .filter((word) => tables.has(word))
            .map((word) => `table ${word}`),
        ]
        if (read.length === 0) return []
        return {
          object: { kind: 'function' as const, schema, name: name.name },
          places: [place],
          message: `${name.name} is declared immutable and reads ${listed([...new Set(read)])}.`,
        }
      }),
    )
    return [...Map.groupBy(all, ({ object }) => `${object.schema}.${object.name}`).values()].map((same) => ({
      ...same[0]!,
      places: same.flatMap(({ places }) => places),
    }))
  },
}

const withoutComments = (body: string) =>
  body.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').replaceAll(/'(?:[^']|'')*'/g, "''")
