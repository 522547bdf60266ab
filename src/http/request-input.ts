import type { AnyOperation } from '../db/operation.ts'
import { fromText } from '../kernel/coerce.ts'
import { kernelErrors, type FieldProblem } from '../kernel/errors.ts'
import { splitBinding } from '../kernel/operation.ts'
import { DEFAULT_MAX_BODY_BYTES, readJson } from './json-body.ts'

type Fields = Record<string, unknown>

/**
 * The input of an operation as the request has it: path parameters with the query (GET, DELETE) or with the JSON body
 * (POST, PATCH). Not yet checked against the schema. Throws INVALID_INPUT for what has no place in the request, and
 * the errors of the body.
 */
export async function readInput(
  request: Request,
  operation: AnyOperation,
  pathTexts: Record<string, string>,
): Promise<Fields> {
  const path = fromText(operation.input, asLists(Object.entries(pathTexts)))
  const query = fromText(operation.input, asLists(new URL(request.url).searchParams))
  const { method } = splitBinding(operation.http)
  if (method === 'GET' || method === 'DELETE') return merge(query, path)
  const misplaced = Object.keys(query).map((name) => ({ path: name, message: 'belongs in the JSON body' }))
  if (misplaced.length > 0) throw kernelErrors.INVALID_INPUT({ fields: misplaced })
  return merge(await readBody(request, operation), path)
}

async function readBody(request: Request, operation: AnyOperation): Promise<Fields> {
  const body = await readJson(request, operation.maxBodyBytes ?? DEFAULT_MAX_BODY_BYTES)
  if (body === undefined) return {}
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Fields
  throw kernelErrors.INVALID_INPUT({ fields: [{ path: '', message: 'the body must be a JSON object' }] })
}

/** The address decides; the same field elsewhere must agree with it. */
function merge(fields: Fields, path: Fields): Fields {
  const contradictions: FieldProblem[] = Object.keys(path)
    .filter((name) => Object.hasOwn(fields, name) && fields[name] !== path[name])
    .map((name) => ({ path: name, message: 'differs from the one in the address' }))
  if (contradictions.length > 0) throw kernelErrors.INVALID_INPUT({ fields: contradictions })
  return { ...fields, ...path }
}

function asLists(entries: Iterable<[string, string]>): Record<string, string[]> {
  const lists = new Map<string, string[]>()
  for (const [name, value] of entries) lists.set(name, [...(lists.get(name) ?? []), value])
  return Object.fromEntries(lists)
}
