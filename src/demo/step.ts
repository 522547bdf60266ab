/** Something that is made by an earlier step, by the step's operations and its own key; its id is put in its place. */
export type Ref = { $ref: readonly [of: string, key: string] }

export type Item = Record<string, unknown>

/** A talk with a personality, all of it in the past. */
export type Chat = {
  key: string
  personality: string
  title: string
  interface: string
  tags: string[]
  messages: { key: string; role: 'user' | 'assistant'; speaker: string | null; at: string; content: string }[]
}

/**
 * One kind of thing that the demo puts into a town, in the order in which steps need each other. `upsert` sends it in
 * bulk by external ids. `ensure` makes what is not there yet, told by the fields in `sameBy`, for what has no bulk.
 */
export type Step =
  | { way: 'upsert'; label: string; of: string; items: Item[] }
  | {
      way: 'ensure'
      label: string
      of: string
      list: string
      create: string
      sameBy: readonly string[]
      items: Item[]
    }
  | { way: 'chats'; label: string; of: string; items: Chat[] }

/** The id of what the step of `of` (as in crm.companies) makes under this key, its external id. */
export function ref(of: string, key: string): Ref {
  return { $ref: [of, key] }
}

export function isRef(value: unknown): value is Ref {
  return typeof value === 'object' && value !== null && Array.isArray((value as Ref).$ref)
}

/** What a step is called that others need and no step makes: people, personalities, stages of the shipped pipeline. */
export const GIVEN = { person: 'person', personality: 'personality', stage: 'stage' } as const

/** Whoever runs the demo. */
export const me = ref(GIVEN.person, 'me')

/** A resource of the kit in bulk. */
export function upsert(label: string, of: string, items: Item[]): Step {
  return { way: 'upsert', label, of, items }
}

/** A resource of the kit without external ids. */
export function ensure(label: string, of: string, sameBy: readonly string[], items: Item[]): Step {
  return { way: 'ensure', label, of, list: `${of}.list`, create: `${of}.create`, sameBy, items }
}
