import type { AnyOperation } from '../db/operation.ts'
import { inputJsonSchema, type JsonObject } from '../doors/catalogue.ts'
import { isIdempotencyKey } from '../doors/door.ts'
import { fromText } from '../kernel/coerce.ts'
import { kernelErrors } from '../kernel/errors.ts'
import { pathParameters } from '../kernel/operation.ts'
import { kebab, parseFlags, usage, type Flag } from './flags.ts'
import type { GivenTexts } from './given-text.ts'

/** Flags that every operation takes beside its own fields. */
export const COMMON_FLAGS = [
  { name: 'json', kind: 'switch', summary: 'Print the answer as JSON.' },
  {
    name: 'input',
    kind: 'value',
    placeholder: 'JSON',
    summary: 'The whole input as a JSON object, @file or @-.',
  },
  {
    name: 'idempotencyKey',
    kind: 'value',
    placeholder: 'KEY',
    summary: 'Repeating the command has its effect once.',
  },
  { name: 'help', kind: 'switch', summary: 'Show this help.' },
] as const satisfies readonly Flag[]

/** What was asked of an operation on the command line. */
export type OperationCall = {
  input: Record<string, unknown>
  isJson: boolean
  isHelp: boolean
  idempotencyKey: string | undefined
}

type FieldSchema = { type?: unknown; anyOf?: FieldSchema[]; items?: FieldSchema; enum?: unknown[] }

/** One flag for each field of the input, in the order of the schema. */
export function fieldFlags(operation: AnyOperation): Flag[] {
  const properties = (inputJsonSchema(operation)['properties'] ?? {}) as Record<string, JsonObject>
  return Object.entries(properties).map(([name, schema]) => {
    const types = typesOf(schema as FieldSchema)
    const kind = types.has('array') ? 'list' : types.size === 1 && types.has('boolean') ? 'switch' : 'value'
    return {
      name,
      kind,
      placeholder: placeholderOf(schema as FieldSchema, types),
      summary: summaryOf(schema),
    }
  })
}

/**
 * Reads the tokens after the operation's words. Path parameters may stand without their flag, in their order; flags
 * win over `--input`. Throws USAGE, or INVALID_INPUT from the operation's own schema, before anything is opened.
 */
export async function readOperationCall(
  operation: AnyOperation,
  tokens: readonly string[],
  texts: GivenTexts,
): Promise<OperationCall> {
  const flags = fieldFlags(operation)
  const { values, positionals } = parseFlags(tokens, [...flags, ...COMMON_FLAGS])
  const isHelp = values.get('help')?.[0] === 'true'
  const call = { isJson: values.get('json')?.[0] === 'true', isHelp, idempotencyKey: readKey(values) }
  if (isHelp) return { ...call, input: {} }
  const input = await readWholeInput(values.get('input')?.[0], texts)
  const given: Record<string, string[]> = placePositionals(operation, positionals, values)
  for (const flag of flags) {
    const typed = values.get(flag.name)
    if (!typed) continue
    const resolved: string[] = []
    for (const value of typed) resolved.push(await texts.resolve(value))
    given[flag.name] = flag.kind === 'list' ? listTexts(operation, flag.name, resolved) : resolved
  }
  const whole = { ...input, ...fromText(operation.input, given) }
  checkInput(operation, whole)
  return { ...call, input: whole }
}

function readKey(values: Map<string, string[]>): string | undefined {
  const key = values.get('idempotencyKey')?.[0]
  // It travels in a header, so the same rule holds when it does not.
  if (key !== undefined && !isIdempotencyKey(key)) {
    throw usage('--idempotency-key takes 1 to 200 visible ASCII characters, without spaces.')
  }
  return key
}

async function readWholeInput(
  given: string | undefined,
  texts: GivenTexts,
): Promise<Record<string, unknown>> {
  if (given === undefined) return {}
  const value = parseJson(await texts.resolve(given))
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>
  throw usage('--input takes a JSON object, as in --input \'{"limit": 5}\', or @file with one.')
}

function placePositionals(
  operation: AnyOperation,
  positionals: readonly string[],
  values: Map<string, string[]>,
): Record<string, string[]> {
  const open = pathParameters(operation.http).filter((name) => !values.has(name))
  const surplus = positionals[open.length]
  if (surplus !== undefined) {
    const takes =
      open.length === 0 ? 'only flags' : `${open.map((name) => name.toUpperCase()).join(' ')} and flags`
    throw usage(`Unexpected ${JSON.stringify(surplus)}: ${operation.id} takes ${takes}.`)
  }
  return Object.fromEntries(positionals.map((value, index) => [open[index]!, [value]]))
}

/** An empty value is an empty list. JSON objects, given once or several times, are the items: commas do not part them. */
function listTexts(operation: AnyOperation, name: string, values: string[]): string[] {
  const properties = (inputJsonSchema(operation)['properties'] ?? {}) as Record<string, FieldSchema>
  const item = typesOf(itemSchema(properties[name]))
  if (values.length === 1 && values[0]!.trim() === '') return ['[]']
  if (item.has('object')) {
    const parsed = values.map(parseJson)
    const isItems = parsed.every(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    )
    return isItems ? [JSON.stringify(parsed)] : values
  }
  return values
}

function checkInput(operation: AnyOperation, input: Record<string, unknown>): void {
  const result = operation.input.safeParse(input)
  if (result.success) return
  const fields = result.error.issues.flatMap((issue) => {
    const keys = issue.code === 'unrecognized_keys' ? issue.keys : [null]
    return keys.map((key) => ({
      path: [...issue.path, ...(key === null ? [] : [key])].join('.'),
      message: key === null ? messageOf(issue, input) : 'is not a field of this operation',
    }))
  })
  throw kernelErrors.INVALID_INPUT({ fields })
}

function messageOf(
  issue: { code: string; path: PropertyKey[]; message: string },
  input: Record<string, unknown>,
) {
  const isMissing = issue.path.length === 1 && input[String(issue.path[0])] === undefined
  return isMissing ? 'is required' : issue.message
}

function itemSchema(schema: FieldSchema | undefined): FieldSchema | undefined {
  return schema?.items ?? schema?.anyOf?.find((part) => part.items)?.items
}

function typesOf(schema: FieldSchema | undefined): Set<string> {
  const own = schema?.type === undefined ? [] : [schema.type].flat()
  return new Set([...(own as string[]), ...(schema?.anyOf ?? []).flatMap((part) => [...typesOf(part)])])
}

function placeholderOf(schema: FieldSchema, types: Set<string>): string {
  const choices = schema.enum ?? itemSchema(schema)?.enum
  if (choices) return choices.join('|')
  if (types.has('array')) return typesOf(itemSchema(schema)).has('object') ? 'JSON' : 'A,B'
  if (types.has('object')) return 'JSON'
  if (types.has('integer') || types.has('number')) return 'NUMBER'
  return 'TEXT'
}

function summaryOf(schema: JsonObject): string {
  const described = typeof schema['description'] === 'string' ? schema['description'] : ''
  const standard = schema['default']
  if (standard === undefined) return described
  const shown = typeof standard === 'string' ? standard : JSON.stringify(standard)
  return `${described}${described === '' ? '' : ' '}Default: ${shown}.`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Names of the fields that must be given. */
export function requiredFields(operation: AnyOperation): string[] {
  return ((inputJsonSchema(operation)['required'] ?? []) as string[]).map(String)
}

/** How the operation is typed, as in `persona prompt SLUG [flags]`. */
export function synopsis(operation: AnyOperation): string {
  const words = operation.id.replaceAll('.', ' ').replaceAll('_', '-')
  return [words, ...pathParameters(operation.http).map((name) => kebab(name).toUpperCase())].join(' ')
}
