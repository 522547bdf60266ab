import { inputJsonSchema, outputJsonSchema, type JsonObject } from '../doors/catalogue.ts'
import type { AnyOperation } from '../db/operation.ts'
import { isStreamed, isThreeSteps, pathParameters, splitBinding } from '../kernel/operation.ts'
import { EVENTS_PATH_ITEM } from './openapi-events.ts'
import { PROBLEM_TYPE } from './problem-response.ts'
import { SESSION_COOKIE } from './sign-in.ts'

type Schema = JsonObject & { properties?: Record<string, Schema>; required?: string[] }

/** The OpenAPI 3.1 document of all operations and the event stream. */
export function buildOpenApi(parts: { operations: readonly AnyOperation[]; version: string }): JsonObject {
  const paths: Record<string, JsonObject> = {}
  for (const operation of parts.operations) {
    const { method, path } = splitBinding(operation.http)
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeOperation(operation) }
  }
  const tags = [...new Set(parts.operations.map((operation) => moduleOf(operation)))].toSorted()
  return {
    openapi: '3.1.0',
    info: {
      title: 'RobbieVerse',
      version: parts.version,
      description: 'The state of an AI personality: who it is, how it feels, what it remembers.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ bearer: [] }, { apiKey: [] }, { session: [] }],
    tags: [...new Set([...tags, 'journal'])].map((name) => ({ name })),
    paths: { ...paths, '/v1/events': { ...paths['/v1/events'], ...EVENTS_PATH_ITEM } },
    components: {
      schemas: { Problem: PROBLEM_SCHEMA },
      parameters: PARAMETERS,
      responses: RESPONSES,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'An API key.' },
        apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'An API key.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: SESSION_COOKIE,
          description:
            'A signed-in browser. Over https the name begins with __Secure-. Changes need a same-origin page.',
        },
      },
    },
  }
}

function moduleOf(operation: AnyOperation): string {
  return operation.id.split('.')[0]!
}

function describeOperation(operation: AnyOperation): JsonObject {
  const { method } = splitBinding(operation.http)
  const schema = inputJsonSchema(operation) as Schema
  const hasBody = method === 'POST' || method === 'PATCH'
  const inPath = pathParameters(operation.http)
  const inQuery = hasBody ? [] : Object.keys(schema.properties ?? {}).filter((name) => !inPath.includes(name))
  return {
    operationId: operation.id,
    summary: operation.summary,
    tags: [moduleOf(operation)],
    parameters: [
      ...inPath.map((name) => parameter(schema, name, 'path')),
      ...inQuery.map((name) => parameter(schema, name, 'query')),
      ...(operation.kind === 'command' && !operation.isSecret
        ? [reference('parameters', 'IdempotencyKey')]
        : []),
      reference('parameters', 'Town'),
      reference('parameters', 'Interface'),
      reference('parameters', 'RequestId'),
    ],
    ...(hasBody ? { requestBody: describeBody(schema, inPath) } : {}),
    responses: describeResponses(operation, hasBody),
  }
}

function parameter(schema: Schema, name: string, place: 'path' | 'query'): JsonObject {
  const { description, ...rest } = schema.properties?.[name] ?? {}
  const isObject = rest['type'] === 'object'
  return {
    name,
    in: place,
    required: place === 'path' || (schema.required ?? []).includes(name),
    ...(description === undefined ? {} : { description }),
    ...(isObject ? { content: { 'application/json': { schema: rest } } } : { schema: rest }),
  }
}

function describeBody(schema: Schema, inPath: string[]): JsonObject {
  const { properties = {}, required = [], ...rest } = schema
  const named = Object.entries(properties).filter(([name]) => !inPath.includes(name))
  const needed = required.filter((name) => !inPath.includes(name))
  return {
    required: needed.length > 0,
    content: {
      'application/json': {
        schema: {
          ...rest,
          properties: Object.fromEntries(named),
          ...(needed.length > 0 ? { required: needed } : {}),
        },
      },
    },
  }
}

function describeResponses(operation: AnyOperation, hasBody: boolean): JsonObject {
  const statuses = [400, 401, 403, 404, 422, 500, 503]
  if (hasBody) statuses.push(413, 415)
  if (operation.kind === 'command') statuses.push(409)
  if (isThreeSteps(operation)) statuses.push(502, 504)
  return {
    [String(operation.status ?? 200)]: {
      description: 'Done.',
      headers: { 'x-request-id': { description: 'Id of the request in logs.', schema: { type: 'string' } } },
      content: {
        'application/json': { schema: outputJsonSchema(operation) },
        ...(isStreamed(operation) ? { 'text/event-stream': STREAM } : {}),
      },
    },
    ...Object.fromEntries(statuses.map((status) => [String(status), reference('responses', 'Problem')])),
    default: reference('responses', 'Problem'),
  }
}

function reference(kind: 'parameters' | 'responses' | 'schemas', name: string): JsonObject {
  return { $ref: `#/components/${kind}/${name}` }
}

const STREAM = {
  schema: {
    type: 'string',
    description:
      'With stream: true in the body, or Accept: text/event-stream. Each piece is an event with JSON in data; at last ' +
      'comes the event done with the whole answer, or the event error with a problem document. The status is 200.',
  },
}

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'What went wrong (RFC 9457).',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', description: 'urn:robbieverse:error: and the code.' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What to do next.' },
    code: { type: 'string', description: 'Stable name of the error; decide by it.' },
    requestId: { type: 'string', description: 'Id of the request in logs.' },
    errors: {
      type: 'array',
      description: 'What is wrong with which field.',
      items: {
        type: 'object',
        required: ['path', 'message'],
        properties: { path: { type: 'string' }, message: { type: 'string' } },
      },
    },
    data: { type: 'object', description: 'Facts about this case.', additionalProperties: true },
  },
}

const RESPONSES = {
  Problem: {
    description: 'It did not work; see code.',
    content: { [PROBLEM_TYPE.split(';')[0]!]: { schema: reference('schemas', 'Problem') } },
  },
}

const PARAMETERS = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'Repeating the command with the same key has its effect once and gives the same answer.',
    schema: { type: 'string', pattern: '^[!-~]{1,200}$' },
  },
  Town: {
    name: 'robbieverse-town',
    in: 'header',
    description: 'Slug or id of the town. A key belongs to one town already and is refused for another.',
    schema: { type: 'string', pattern: '^[0-9A-Za-z-]{1,60}$' },
  },
  Interface: {
    name: 'robbieverse-interface',
    in: 'header',
    description: 'The interface the call comes from, as in phone or editor.',
    schema: { type: 'string', pattern: '^[0-9A-Za-z][0-9A-Za-z._-]{0,59}$' },
  },
  RequestId: {
    name: 'x-request-id',
    in: 'header',
    description: 'Id of the request in logs; one is made when it is left out.',
    schema: { type: 'string', pattern: '^[0-9A-Za-z_.:-]{1,100}$' },
  },
}
