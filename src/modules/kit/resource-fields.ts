import { z } from 'zod'

import { factsOfColumn, type ColumnFacts } from '../../db/column-facts.ts'
import { PRIVACY_LEVELS } from '../../kernel/context.ts'
import type { KeysetType } from '../../kernel/cursor.ts'
import {
  dayInput,
  idInput,
  jsonInput,
  optionalTextInput,
  textInput,
  timeInput,
  timeOutput,
} from '../../kernel/input.ts'
import { toFieldName, type Resource } from './resource.ts'

const MOST_JSON_BYTES = 65_536
const MOST_LISTED = 200
const LONGEST_LISTED = 500
const INTEGER_BOUND = 2_147_483_647

/** The kind of a column's values, of what kind they are written and read. */
type Shape = { input: (facts: ColumnFacts) => z.ZodType; output: z.ZodType }

const shapes: Record<string, Shape> = {
  text: { input: textOf, output: z.string() },
  uuid: { input: () => idInput, output: z.uuid() },
  boolean: { input: () => z.boolean(), output: z.boolean() },
  integer: {
    input: ({ min = -INTEGER_BOUND, max = INTEGER_BOUND }) => z.int().min(min).max(max),
    output: z.int(),
  },
  bigint: {
    input: ({ min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER }) => z.int().min(min).max(max),
    output: z.int(),
  },
  'double precision': {
    input: ({ min = -1e15, max = 1e15 }) => z.number().min(min).max(max),
    output: z.number(),
  },
  'timestamp with time zone': { input: () => timeInput, output: timeOutput },
  date: { input: () => dayInput, output: z.string() },
  'time without time zone': { input: () => z.iso.time({ precision: 0 }), output: z.string() },
  jsonb: { input: () => jsonInput(MOST_JSON_BYTES), output: z.unknown() },
  'text[]': {
    input: ({ max = MOST_LISTED }) => z.array(textInput(LONGEST_LISTED)).max(max),
    output: z.array(z.string()),
  },
  'uuid[]': { input: ({ max = MOST_LISTED }) => z.array(idInput).max(max), output: z.array(z.uuid()) },
}

function textOf({ values, min = 0, max }: ColumnFacts): z.ZodType {
  if (values) return z.enum(values)
  if (max === undefined) throw new Error('a text that callers write needs a check of its length')
  return min === 0 ? optionalTextInput(max) : textInput(max)
}

function shapeOf(table: string, column: string): Shape {
  const { type } = factsOfColumn(table, column)
  const shape = shapes[type]
  if (!shape) throw new Error(`${table}.${column}: no input is known for ${type}`)
  return shape
}

/** What callers may write into a column, whether or not they must. */
function valueInput({ table, formats }: Resource, column: string): z.ZodType {
  const facts = factsOfColumn(table, column)
  const input = formats[column] ?? shapeOf(table, column).input(facts)
  return facts.comment === '' ? input : input.describe(facts.comment)
}

/** Inputs of a new row: a column without default that may not be null must be given. */
export function createShape(resource: Resource): Record<string, z.ZodType> {
  return shapeFrom(resource, (input, { isNullable, hasDefault }) => {
    if (isNullable) return input.nullable().optional()
    return hasDefault ? input.optional() : input
  })
}

/** Inputs of a change: what is left out stays as it is. */
export function changeShape(resource: Resource): Record<string, z.ZodType> {
  return shapeFrom(resource, (input, { isNullable }) => (isNullable ? input.nullable() : input).optional())
}

/** Inputs that narrow a list; of a column with many values, one that must be among them. */
export function filterShape(resource: Resource): Record<string, z.ZodType> {
  const { table, filters } = resource
  return Object.fromEntries(
    filters.map((column) => {
      const { type } = factsOfColumn(table, column)
      const input = type === 'text[]' ? textInput(LONGEST_LISTED) : type === 'uuid[]' ? idInput : null
      const description = `Only where this is so: ${factsOfColumn(table, column).comment}`
      return [
        filterName(resource, column),
        (input ?? valueInput(resource, column)).describe(description).optional(),
      ]
    }),
  )
}

/** The input that a list is narrowed by: `tags` is narrowed by `tag`. */
export function filterName({ table }: Resource, column: string): string {
  const name = toFieldName(column)
  return factsOfColumn(table, column).type.endsWith('[]') ? name.replace(/s$/, '') : name
}

function shapeFrom(
  resource: Resource,
  finish: (input: z.ZodType, facts: ColumnFacts) => z.ZodType,
): Record<string, z.ZodType> {
  return Object.fromEntries(
    resource.fields.map((column) => {
      const facts = factsOfColumn(resource.table, column)
      return [toFieldName(column), finish(valueInput(resource, column), facts)]
    }),
  )
}

/** What callers see of a row. */
export function outputOf(resource: Resource) {
  const { table } = resource
  const own = [...resource.fields, ...resource.computed].map((column) => {
    const facts = factsOfColumn(table, column)
    const { output } = shapeOf(table, column)
    return [toFieldName(column), facts.isNullable ? output.nullable() : output] as const
  })
  return z.object({
    id: z.uuid(),
    ...Object.fromEntries(own),
    ...Object.fromEntries(Object.entries(resource.derived).map(([name, { output }]) => [name, output])),
    privacy: z.enum(PRIVACY_LEVELS),
    createdBy: z.uuid().describe('The person who made it.'),
    version: z.int(),
    createdAt: timeOutput,
    updatedAt: timeOutput,
  })
}

const KEYSET_TYPES: Record<string, KeysetType> = {
  'timestamp with time zone': 'time',
  date: 'day',
  text: 'text',
  integer: 'integer',
  bigint: 'integer',
  'double precision': 'number',
}

/** How a cursor keeps the values of a column that a list is sorted by. */
export function keysetTypeOf(table: string, column: string): KeysetType {
  const { type } = factsOfColumn(table, column)
  const keyset = KEYSET_TYPES[type]
  if (!keyset) throw new Error(`${table}.${column}: a list cannot be sorted by ${type}`)
  return keyset
}
