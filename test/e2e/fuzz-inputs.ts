import fc from 'fast-check'

import type { Input } from './door.ts'

/** The parts of JSON Schema that our inputs use. */
export type Schema = {
  type?: string
  format?: string
  pattern?: string
  enum?: unknown[]
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  propertyNames?: Schema
  additionalProperties?: Schema | false
  anyOf?: Schema[]
}

/** Values that exist, by the name of the field that means them; `name[]` for the items of a list. */
export type Known = Record<string, readonly string[]>

/** Where values come from: `isSparse` makes only what must be given, a field or two of the rest, and short lists. */
type Source = { known: Known; isSparse: boolean }

/** Inputs that fit the schema, with existing ids and slugs where `known` has some. */
export function validInput(schema: Schema, known: Known): fc.Arbitrary<Input> {
  return valueOf(schema, { known, isSparse: false }) as fc.Arbitrary<Input>
}

/** The same, with little more than what must be given: rules between fields seldom refuse it. */
export function sparseInput(schema: Schema, known: Known): fc.Arbitrary<Input> {
  return valueOf(schema, { known, isSparse: true }) as fc.Arbitrary<Input>
}

function valueOf(schema: Schema, from: Source, name = ''): fc.Arbitrary<unknown> {
  const existing = from.known[name]
  if (existing && existing.length > 0 && !schema.enum)
    return fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...existing) }, ownValue(schema, from))
  return ownValue(schema, from, name)
}

function ownValue(schema: Schema, from: Source, name = ''): fc.Arbitrary<unknown> {
  if (schema.enum) return fc.constantFrom(...schema.enum)
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((part) => ownValue(part, from, name)))
  switch (schema.type) {
    case 'object':
      return objectOf(schema, from)
    case 'array': {
      const { minItems = 0, maxItems = 4 } = schema
      const most = from.isSparse ? 1 : 4
      return fc.array(valueOf(schema.items ?? {}, from, `${name}[]`), {
        minLength: minItems,
        maxLength: Math.max(minItems, Math.min(maxItems, most)),
      })
    }
    case 'integer':
      return fc.integer({
        min: Math.max(schema.minimum ?? -1_000, -1e9),
        max: Math.min(schema.maximum ?? 1_000, 1e6),
      })
    case 'number':
      return numberOf(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'string':
      return stringOf(schema)
    case undefined:
    default:
      return fc.jsonValue({ maxDepth: 2 })
  }
}

/** As many plain numbers as ones that doubles alone can tell apart. */
function numberOf({ minimum = -1e6, maximum = 1e6 }: Schema): fc.Arbitrary<number> {
  const any = fc.double({ min: minimum, max: maximum, noNaN: true })
  const [min, max] = [Math.ceil(minimum), Math.floor(maximum)]
  return min > max ? any : fc.oneof(any, fc.integer({ min, max }))
}

function objectOf(schema: Schema, from: Source): fc.Arbitrary<unknown> {
  if (schema.properties) {
    const values = Object.entries(schema.properties).map(([name, part]) => [name, valueOf(part, from, name)])
    const { required = [] } = schema
    const record = (names: string[], needed: string[]) =>
      fc.record(Object.fromEntries(values.filter(([name]) => names.includes(name as string))), {
        requiredKeys: needed as never[],
        noNullPrototype: true,
      })
    if (!from.isSparse) return record(Object.keys(schema.properties), required)
    const optional = Object.keys(schema.properties).filter((name) => !required.includes(name))
    return fc.subarray(optional, { maxLength: Math.min(2, optional.length) }).chain((some) => {
      const names = [...required, ...some]
      return record(names, names)
    })
  }
  const names = schema.propertyNames ? ownValue(schema.propertyNames, from) : storableText(20)
  const values =
    typeof schema.additionalProperties === 'object'
      ? ownValue(schema.additionalProperties, from)
      : fc.jsonValue()
  return fc.dictionary(names as fc.Arbitrary<string>, values, { maxKeys: 4, noNullPrototype: true })
}

function stringOf(schema: Schema): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 500 } = schema
  if (schema.format === 'uuid') return fc.uuid({ version: 7 })
  if (schema.format === 'email') {
    const shape = new RegExp(schema.pattern!)
    return fc.emailAddress().filter((text) => shape.test(text))
  }
  if (schema.format === 'date-time') {
    const instant = fc.date({
      min: new Date('0001-01-01T00:00:00Z'),
      max: new Date('9999-12-31T00:00:00Z'),
      noInvalidDate: true,
    })
    const past = fc.date({
      min: new Date('1990-01-01T00:00:00Z'),
      max: new Date('2020-01-01T00:00:00Z'),
      noInvalidDate: true,
    })
    return fc.oneof(
      past.map((date) => date.toISOString()),
      instant.map((date) => date.toISOString()),
      instant
        .map((date) => date.toISOString().replace('Z', '+14:00'))
        .filter((text) => !Number.isNaN(Date.parse(text))),
    )
  }
  if (schema.pattern)
    return fc
      .stringMatching(new RegExp(schema.pattern), { size: 'small' })
      .filter((text) => text.length <= maxLength && text.length >= minLength)
  const short = storableText(Math.min(maxLength, 60)).filter((text) => text.length >= minLength)
  if (maxLength > 250_000) return short
  // Exactly as long as it may be: in units of UTF-16, which take one to four bytes.
  const longest = fc.constantFrom('x', 'ä', '語', ' ', '-').map((letter) => letter.repeat(maxLength))
  const pairs = fc.constant('😀'.repeat(Math.floor(maxLength / 2)))
  return fc.oneof({ weight: 12, arbitrary: short }, longest, pairs).filter((text) => text.length >= minLength)
}

/** Any characters that a database stores: no NUL, no half characters. */
function storableText(maxLength: number): fc.Arbitrary<string> {
  return fc
    .string({ unit: 'binary', maxLength })
    .filter((text) => !text.includes('\u0000') && text.isWellFormed())
}

const deep = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth))

/** What people, programs and attackers send where something else belongs. */
export const hostile: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  -0,
  1e308,
  5e-324,
  1e-46,
  2 ** 53,
  -(2 ** 63),
  '',
  ' ',
  'NaN',
  'Infinity',
  'null',
  '1e999',
  'x\u0000y',
  '\u0000',
  '\ud800',
  'half \udc00 character',
  '\uffff\u202e\u0007',
  'x'.repeat(3_000),
  'a-'.repeat(1_500),
  '-'.repeat(3_000),
  "'; drop table conversation.messages; --",
  '../../../etc/passwd',
  '%00',
  '{}',
  '2021-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59-23:59',
  '10000-01-01T00:00:00Z',
  '00000000-0000-0000-0000-000000000000',
  'ffffffff-ffff-ffff-ffff-ffffffffffff',
  'MDAwMC0wMS0wMSAwMDowMDowMCswMHwwMTg5MDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDA',
  [],
  [null],
  ['\u0000'],
  Array.from({ length: 2_000 }, (_, n) => n),
  {},
  { constructor: 1, toString: 'x' },
  JSON.parse('{"__proto__": {"polluted": true}}'),
  { '': '', '\u0000': 1 },
  { card: '\ud800' },
  deep(90),
  deep(2_000),
]

/** An input that fits but for one or two places: a hostile value, a field too many, a field too few. */
export function brokenInput(schema: Schema, known: Known): fc.Arbitrary<Input> {
  const names: string[] = Object.keys(schema.properties ?? {})
  const name: fc.Arbitrary<string> = fc.oneof(
    { weight: 6, arbitrary: names.length > 0 ? fc.constantFrom(...names) : fc.constant('none') },
    fc.constantFrom('extra', '__proto__', 'constructor', 'town_id', 'stream'),
  )
  const change = fc.record({
    name,
    value: fc.constantFrom(...hostile),
    how: fc.constantFrom('set', 'set', 'set', 'inside', 'remove'),
  })
  return fc
    .tuple(validInput(schema, known), fc.array(change, { minLength: 1, maxLength: 2 }))
    .map(([input, changes]) => {
      const broken = structuredClone(input)
      // A copy, because a second change may reach inside what the first one has put there.
      for (const { value, ...each } of changes) breakAt(broken, { ...each, value: structuredClone(value) })
      return broken
    })
}

function breakAt(input: Input, { name, value, how }: { name: string; value: unknown; how: string }): void {
  // Only its own: what `__proto__` gives otherwise is the prototype of every object of this process.
  const inside = Object.hasOwn(input, name) ? input[name] : undefined
  if (how === 'remove') delete input[name]
  else if (how === 'inside' && Array.isArray(inside)) inside.push(value)
  else if (how === 'inside' && typeof inside === 'object' && inside !== null) {
    const [first = 'extra'] = Object.keys(inside)
    set(inside as Input, first, value)
  } else set(input, name, value)
}

/** As JSON.parse does: `__proto__` becomes a field like any other. */
function set(target: Input, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true })
}

/** Each field of an input with each hostile value of the field's own type: those that only their content betrays. */
export function hostileFields(schema: Schema): [name: string, value: unknown][] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, part]) => {
    const types = [part, ...(part.anyOf ?? [])].map(({ type }) => (type === 'integer' ? 'number' : type))
    const wrap = part.type === 'array' && part.items?.type === 'string' ? (value: unknown) => [value] : null
    const fitting = hostile.filter((value) =>
      wrap ? typeof value === 'string' : types.includes(typeof value),
    )
    return fitting.map((value): [string, unknown] => [name, wrap ? wrap(value) : value])
  })
}
