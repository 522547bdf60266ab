import { z } from 'zod'

const kinds = new Set<string>()

/** Says that the index keeps things of that kind, so that callers may look for them. */
export function declareKind(kind: string): void {
  kinds.add(kind)
}

/** A kind of things that the index keeps: of whatever modules there are once all of them are loaded. */
export const kindInput = z.lazy(() => z.enum([...kinds].toSorted() as [string, ...string[]]))
