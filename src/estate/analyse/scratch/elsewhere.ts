import type { Source } from '../inventory/estate-file.ts'
import type { Nature } from '../nature.ts'
import type { Simulated, TableState } from '../simulate/state.ts'
import { byCodePoint } from '../code-point-order.ts'
import type { Elsewhere } from './heal.ts'
import type { IsKnown } from './roots.ts'
import { bareName, madeBy } from './names.ts'

/** What other sources define, the nearest first: those whose path begins like that of the one that asks. */
export function elsewhereOf(
  simulated: Simulated[],
  sources: Source[],
  natures: Map<string, Nature>,
): Elsewhere {
  const madeBySource = new Map(sources.map((source) => [source.name, madeIn(source)]))
  const isOnTop = (source: string) => natures.get(source)!.bases.size > 0
  const others = (source: string) =>
    simulated
      .filter((one) => one.source !== source)
      .toSorted(
        (a, b) => nearness(b.source, source) - nearness(a.source, source) || byCodePoint(a.source, b.source),
      )
  const own = (source: string) => simulated.find((one) => one.source === source)
  const find = <Item>(source: string, look: (one: Simulated) => Item | undefined): Item | undefined => {
    for (const one of others(source)) {
      const found = look(one)
      if (found !== undefined) return found
    }
    return undefined
  }
  return {
    // What a source makes itself it does not borrow: that it is not there is its own fault.
    table: (name, source) =>
      !isOnTop(source) && own(source) && tableNamed(own(source)!.tables, name)
        ? undefined
        : find(source, ({ tables }) => tableNamed(tables, name)),
    type: (name, source) =>
      find(source, (one) => {
        const type = [...one.types].find(([key]) => isNamed(key, name))?.[1]
        return type && { ...type, source: one.source }
      }),
    isOnTop,
    makesSchema: (name) => sources.some((source) => madeBySource.get(source.name)!.has(`schema ${name}`)),
    isMade: (kind, name, source) =>
      [...madeBySource].some(([other, made]) => other !== source && made.has(`${kind} ${bareName(name)}`)),
    function: (name, source) =>
      simulated.some(
        (one) => one.source !== source && [...one.functions.values()].some((item) => item.name.name === name),
      ),
  }
}

/** What the statements of a source make, what blocks and bodies of functions make in words included. */
function madeIn({ files }: Source): Set<string> {
  const statements = files.flatMap((file) => file.statements)
  const facts = statements.flatMap((statement) => statement.facts)
  const bodies = facts.flatMap((fact) => (fact.fact === 'do' || fact.fact === 'function' ? [fact.body] : []))
  return new Set([...facts.flatMap(madeBy), ...bodies.flatMap(madeInBody)])
}

const IN_BODY =
  /\bcreate\s+(?:or\s+replace\s+|unlogged\s+|materialized\s+|recursive\s+)*(table|view|sequence|type|function|schema)\s+(?:if\s+not\s+exists\s+)?((?:"[^"]+"|\w+)(?:\.(?:"[^"]+"|\w+))?)/gi

function madeInBody(body: string): string[] {
  return [...body.matchAll(IN_BODY)].map(([, kind, name]) => {
    const made = kind!.toLowerCase()
    return `${made === 'view' || made === 'sequence' ? 'table' : made} ${bareName(name!.replaceAll('"', '')).toLowerCase()}`
  })
}

function tableNamed(tables: Map<string, TableState>, name: string): TableState | undefined {
  return name.includes('.')
    ? tables.get(name)
    : (tables.get(`public.${name}`) ?? [...tables.values()].find((table) => table.name === name))
}

const isNamed = (key: string, name: string) => key === name || key.endsWith(`.${name.split('.').at(-1)}`)

/** How many folders two paths have in common. */
function nearness(one: string, other: string): number {
  const [mine, theirs] = [one.split('/'), other.split('/')]
  const apart = mine.findIndex((part, at) => part !== theirs[at])
  return apart < 0 ? mine.length : apart
}

/** Whether any source makes an object of that name, or that column of a table. */
export function knownIn(simulated: Simulated[]): IsKnown {
  const names = new Set(
    simulated.flatMap(({ tables, views, functions, types }) => [
      ...[...tables.keys(), ...views.keys()].map((key) => `table ${key}`),
      // A table is a type, too.
      ...[...types.keys(), ...tables.keys()].map((key) => `type ${key}`),
      ...[...functions.values()].map(({ schema, name }) => `function ${schema}.${name.name}`),
    ]),
  )
  const columns = new Set(simulated.flatMap(columnsIn))
  return ({ kind, schema, name }, column) =>
    column === null ? names.has(`${kind} ${schema}.${name}`) : columns.has(`${name}.${column}`)
}

/** `table.column` of every definition, also of those that did nothing, and of what is added from another source. */
function columnsIn({ tables, skips, strays }: Simulated): string[] {
  const defined = [...tables.values(), ...skips.flatMap(({ wanted }) => wanted ?? [])]
  return [
    ...defined.flatMap((table) => [...table.columns.keys()].map((column) => `${table.name}.${column}`)),
    ...strays.flatMap(({ fact }) =>
      fact.fact === 'alter-table'
        ? fact.changes.flatMap((change) =>
            change.do === 'add-column' ? `${fact.name.name}.${change.column.name}` : [],
          )
        : [],
    ),
  ]
}
