import type { EstateFile, Source } from './inventory/estate-file.ts'
import type { LiveDatabase } from './live/live-database.ts'
import type { Execution } from './scratch/execute.ts'
import type { Root } from './scratch/roots.ts'
import type { Services } from './services/read-services.ts'
import { keyOf, type Simulated, type TableState } from './simulate/state.ts'
import { byCodePoint } from './code-point-order.ts'
import type { Nature } from './nature.ts'

/** Everything that is known of an estate, as the rules see it. */
export type Estate = {
  files: EstateFile[]
  /** Configuration of migration tools: where it stands, and whose it is. */
  tools: { path: string; tool: string }[]
  sources: Source[]
  /** In the order of `sources`, as are `executions`. */
  simulated: Simulated[]
  executions: Execution[]
  roots: Root[]
  /** Each way in which a table is defined, by `schema.name`, in the order of names. */
  variants: Map<string, Variant[]>
  services: Services
  /** What `--database` has; null where none was given, or it could not be read. */
  live: LiveDatabase | null
}

/** One of the definitions of a table: what a source leaves of it, or one that did nothing as another was there before. */
export type Variant = {
  table: TableState
  source: string
  isSkipped: boolean
  /** It did nothing, and said what was there already. */
  isRepeated: boolean
  nature: Nature
}

/** All definitions of each table. */
export function variantsOf(simulated: Simulated[], natures: Map<string, Nature>): Map<string, Variant[]> {
  const variants = new Map<string, Variant[]>()
  const add = (variant: Omit<Variant, 'nature'>) => {
    const key = keyOf(variant.table)
    const nature = natures.get(variant.source)!
    variants.set(key, [...(variants.get(key) ?? []), { ...variant, nature }])
  }
  for (const { source, tables, skips } of simulated) {
    for (const table of tables.values()) add({ table, source, isSkipped: false, isRepeated: false })
    for (const { kind, wanted, differences } of skips)
      if (kind === 'table' && wanted)
        add({ table: wanted, source, isSkipped: true, isRepeated: differences.length === 0 })
  }
  return new Map([...variants].toSorted(([a], [b]) => byCodePoint(a, b)))
}
