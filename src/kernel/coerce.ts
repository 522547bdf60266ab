import { z } from 'zod'

import type { InputSchema } from './operation.ts'

type JsonSchema = {
  type?: string | string[]
  anyOf?: JsonSchema[]
  items?: JsonSchema
  properties?: Record<string, JsonSchema>
}

const propertiesBySchema = new WeakMap<InputSchema, Record<string, JsonSchema>>()

/**
 * Reads text from a query string or from command-line flags as what the input schema expects: numbers, booleans,
 * objects (JSON), lists. One value is a list in JSON or its items with commas between them; of several, each is one
 * item to the letter. Text that does not fit is passed on as it is, so that validation names the field.
 */
export function fromText(schema: InputSchema, texts: Record<string, string[]>): Record<string, unknown> {
  let properties = propertiesBySchema.get(schema)
  if (!properties) {
    properties =
      (z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema).properties ?? {}
    propertiesBySchema.set(schema, properties)
  }
  const known = properties
  return Object.fromEntries(
    Object.entries(texts).map(([name, values]) => [name, readValue(known[name], values)]),
  )
}

function readValue(schema: JsonSchema | undefined, values: string[]): unknown {
  const types = typesOf(schema)
  const [only] = values
  if (types.has('array')) {
    const item = typesOf(schema?.anyOf?.find((part) => part.items)?.items ?? schema?.items)
    if (values.length > 1) return values.map((value) => readScalar(item, value))
    const parsed = parseJson(only!)
    if (Array.isArray(parsed)) return parsed
    return only!.split(',').map((value) => readScalar(item, value.trim()))
  }
  return values.length === 1 ? readScalar(types, only!) : values
}

function readScalar(types: Set<string>, value: string): unknown {
  if (types.has('null') && value === 'null') return null
  if ((types.has('number') || types.has('integer')) && /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value)) {
    return Number(value)
  }
  if (types.has('boolean') && (value === 'true' || value === 'false')) return value === 'true'
  if (types.has('object')) return parseJson(value) ?? value
  return value
}

function typesOf(schema: JsonSchema | undefined): Set<string> {
  const own = schema?.type === undefined ? [] : [schema.type].flat()
  return new Set([...own, ...(schema?.anyOf ?? []).flatMap((part) => [...typesOf(part)])])
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
