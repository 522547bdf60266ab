import type { Tool } from '@modelcontextprotocol/sdk/types.js'

import type { AnyOperation } from '../db/operation.ts'
import { inputJsonSchema, outputJsonSchema } from '../doors/catalogue.ts'
import { isThreeSteps, splitBinding, toolName } from '../kernel/operation.ts'

export type ToolCatalogue = { tools: Tool[]; operations: Map<string, AnyOperation> }

const catalogues = new WeakMap<readonly AnyOperation[], ToolCatalogue>()

/** The operations as MCP tools, one each; made once a list, because stateless HTTP asks with every request. */
export function describeTools(operations: readonly AnyOperation[]): ToolCatalogue {
  let catalogue = catalogues.get(operations)
  if (!catalogue) {
    catalogue = {
      tools: operations.map(describeTool),
      operations: new Map(operations.map((operation) => [toolName(operation.id), operation])),
    }
    catalogues.set(operations, catalogue)
  }
  return catalogue
}

function describeTool(operation: AnyOperation): Tool {
  const output = outputJsonSchema(operation)
  return {
    name: toolName(operation.id),
    description: operation.summary,
    inputSchema: inputJsonSchema(operation) as Tool['inputSchema'],
    // The protocol takes schemas of objects only.
    ...(output['type'] === 'object' ? { outputSchema: output as NonNullable<Tool['outputSchema']> } : {}),
    annotations: annotate(operation),
  }
}

function annotate(operation: AnyOperation): NonNullable<Tool['annotations']> {
  const { method } = splitBinding(operation.http)
  const isQuery = operation.kind === 'query'
  // What POST makes is new; PATCH and DELETE replace what was, and do no more when they are repeated.
  const replaces = !isQuery && (method === 'PATCH' || method === 'DELETE')
  return {
    readOnlyHint: isQuery,
    destructiveHint: replaces,
    idempotentHint: isQuery || replaces,
    openWorldHint: isThreeSteps(operation),
  }
}
