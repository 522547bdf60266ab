import { z } from 'zod'

import type { AnyOperation } from '../db/operation.ts'
import type { InputSchema } from '../kernel/operation.ts'

export type JsonObject = Record<string, unknown>

const inputs = new WeakMap<InputSchema, JsonObject>()

/** The JSON Schema (2020-12) of an operation's input; the same in OpenAPI and MCP. */
export function inputJsonSchema(operation: AnyOperation): JsonObject {
  let schema = inputs.get(operation.input)
  if (!schema) {
    schema = withoutDialect(
      z.toJSONSchema(operation.input, { io: 'input', unrepresentable: 'any' }) as JsonObject,
    )
    inputs.set(operation.input, schema)
  }
  return schema
}

/** The JSON Schema of what the operation answers. */
export function outputJsonSchema(operation: AnyOperation): JsonObject {
  return withoutDialect(
    z.toJSONSchema(operation.output, { io: 'output', unrepresentable: 'any' }) as JsonObject,
  )
}

function withoutDialect(schema: JsonObject): JsonObject {
  const { $schema: _, ...rest } = schema
  return rest
}
