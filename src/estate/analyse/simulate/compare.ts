import { shortType } from '../inventory/type-text.ts'
import type { ColumnState, TableState } from './state.ts'

/** `same`: equal in columns, types and keys. `older`: the first is an earlier state of the second. */
export type Relation = 'same' | 'older' | 'newer' | 'competing'

/** How much of the larger table the smaller one has to have to be taken for an earlier state of it. */
const SHARED = 0.6

/** How two definitions of one table stand to each other. */
export function relate(one: TableState, other: TableState): Relation {
  if (one.isOpen || other.isOpen) return 'same'
  const [names, others] = [one, other].map(({ columns }) => [...columns.keys()]) as [string[], string[]]
  const shared = names.filter((name) => other.columns.has(name))
  const differs = shared.some((name) => typeOf(one, name) !== typeOf(other, name))
  if (differs || isOtherKey(one, other)) return 'competing'
  if (shared.length === names.length && shared.length === others.length) return 'same'
  const larger = Math.max(names.length, others.length)
  if (shared.length < larger * SHARED) return 'competing'
  if (shared.length === names.length) return 'older'
  return shared.length === others.length ? 'newer' : 'competing'
}

/** Whether the one says nothing that the other does not say too. */
export function isPartOf(one: TableState, other: TableState): boolean {
  return (
    [...one.columns.keys()].every((name) => typeOf(one, name) === typeOf(other, name)) &&
    !isOtherKey(one, other)
  )
}

/** What differs between two definitions, one a line: columns, types, keys. */
export function differences(one: TableState, other: TableState, labels: [string, string]): string[] {
  const lines: string[] = []
  for (const [name, column] of one.columns) {
    const match = other.columns.get(name)
    if (!match) lines.push(`${name} ${shortType(column.type)}: only in ${labels[0]}`)
    else if (match.type !== column.type) {
      lines.push(
        `${name}: ${shortType(column.type)} in ${labels[0]}, ${shortType(match.type)} in ${labels[1]}`,
      )
    }
  }
  for (const [name, column] of other.columns) {
    if (!one.columns.has(name)) lines.push(`${name} ${shortType(column.type)}: only in ${labels[1]}`)
  }
  const [key, otherKey] = [primaryKeyOf(one), primaryKeyOf(other)]
  if (key !== otherKey) {
    lines.push(`primary key: (${key || 'none'}) in ${labels[0]}, (${otherKey || 'none'}) in ${labels[1]}`)
  }
  return lines
}

/** What is said otherwise of columns that both have with one type: whether they may be null, and their defaults. */
export function lesserDifferences(one: TableState, other: TableState): string[] {
  return [...one.columns].flatMap(([name, column]) => {
    const match = other.columns.get(name)
    return match && isOtherwise(column, match) ? [name] : []
  })
}

function isOtherwise(one: ColumnState, other: ColumnState): boolean {
  return (
    one.isNotNull !== other.isNotNull || one.default !== other.default || one.generated !== other.generated
  )
}

const typeOf = (table: TableState, name: string) => table.columns.get(name)?.type

/** Both say a primary key, and not the same: one that says none may be an earlier state. */
function isOtherKey(one: TableState, other: TableState): boolean {
  const [key, otherKey] = [primaryKeyOf(one), primaryKeyOf(other)]
  return key !== '' && otherKey !== '' && key !== otherKey
}

function primaryKeyOf({ keys }: TableState): string {
  return keys.find(({ kind }) => kind === 'primary')?.columns.join(', ') ?? ''
}
