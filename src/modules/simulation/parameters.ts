import { z } from 'zod'

import type { FieldProblem } from '../../kernel/errors.ts'
import { dayInput, jsonInput, optionalTextInput, textInput } from '../../kernel/input.ts'

const MOST_BYTES = 65_536

const parameter = z.strictObject({
  name: textInput(100),
  type: z.enum(['number', 'integer', 'text', 'boolean', 'date', 'list', 'object']),
  description: optionalTextInput(1_000).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  default: z.unknown().optional(),
})

export type Parameter = z.infer<typeof parameter>

/** What a template says of its parameters. */
export const parameterListInput = z
  .array(parameter)
  .max(100)
  .refine(
    (list) => jsonInput(MOST_BYTES).safeParse({ list }).success,
    'must be at most 64 KiB of storable JSON',
  )

const VALUES: Record<Parameter['type'], z.ZodType> = {
  number: z.number(),
  integer: z.int(),
  text: z.string(),
  boolean: z.boolean(),
  date: dayInput,
  list: z.array(z.unknown()),
  object: z.record(z.string(), z.unknown()),
}

/** What is wrong with the parameters of a simulation: those that are missing, of another type or out of bounds. */
export function findParameterProblems(
  values: Record<string, unknown>,
  { required, optional }: { required: Parameter[]; optional: Parameter[] },
): FieldProblem[] {
  const missing = required
    .filter((each) => values[each.name] === undefined || values[each.name] === null)
    .map((each) => ({ path: `parameters.${each.name}`, message: `must be given: ${each.type}` }))
  const given = [...required, ...optional].filter(
    (each) => values[each.name] !== undefined && values[each.name] !== null,
  )
  return [...missing, ...given.flatMap((each) => problemOf(each, values[each.name]))]
}

function problemOf({ name, type, minimum, maximum }: Parameter, value: unknown): FieldProblem[] {
  const path = `parameters.${name}`
  if (!VALUES[type].safeParse(value).success) return [{ path, message: `must be of the type ${type}` }]
  if (typeof value !== 'number') return []
  if (minimum !== undefined && value < minimum) return [{ path, message: `must be at least ${minimum}` }]
  if (maximum !== undefined && value > maximum) return [{ path, message: `must be at most ${maximum}` }]
  return []
}
