import { describe, expect, it } from 'vitest'

import { buildOpenApi } from '../../src/http/index.ts'
import { splitBinding } from '../../src/kernel/operation.ts'
import { modules } from '../../src/modules/index.ts'
import { noteOperations } from './note-operations.ts'

type Node = Record<string, unknown>

const operations = [...modules.flatMap((module) => module.operations), ...noteOperations]
const document = JSON.parse(JSON.stringify(buildOpenApi({ operations, version: '1.2.3' }))) as Node

function find(pointer: string): unknown {
  return pointer
    .slice(2)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((node, part) => (node as Node)[part], document)
}

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return []
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : references(value),
  )
}

const described = (path: string, method: string) =>
  find(`#/paths/${path.replaceAll('/', '~1')}/${method}`) as Node

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1', async () => {
    const { Validator } = await import('@seriousme/openapi-schema-validator')
    const validator = new Validator()
    const result = await validator.validate(document)
    expect(result).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })

  it('describes every operation where it is', () => {
    for (const operation of operations) {
      const { method, path } = splitBinding(operation.http)
      expect(described(path, method.toLowerCase())).toMatchObject({
        operationId: operation.id,
        summary: operation.summary,
        tags: [operation.id.split('.')[0]],
      })
    }
    const ids = Object.values(find('#/paths') as Node).flatMap((item) =>
      Object.values(item as Node).map((each) => (each as Node)['operationId']),
    )
    expect(new Set(ids)).toEqual(new Set([...operations.map(({ id }) => id), 'journal.events']))
    expect(ids).toHaveLength(new Set(ids).size)
  })

  it('points at nothing that is missing', () => {
    const all = references(document)
    expect(all.length).toBeGreaterThan(0)
    for (const pointer of all)
      expect({ pointer, target: find(pointer) }).toMatchObject({ target: expect.anything() })
  })

  it('declares every parameter of a path, and none twice', () => {
    for (const [path, item] of Object.entries(find('#/paths') as Node)) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!)
      for (const operation of Object.values(item as Node)) {
        const own = ((operation as Node)['parameters'] as Node[]).filter((each) => !each['$ref'])
        expect(own.filter((each) => each['in'] === 'path').map((each) => each['name'])).toEqual(inPath)
        const names = own.map((each) => JSON.stringify([each['in'], each['name']]))
        expect(new Set(names).size).toBe(names.length)
      }
    }
  })

  it('puts inputs into path, query or body, and says which are required', () => {
    const search = described('/v1/jottings/search', 'get')
    expect(search['parameters']).toContainEqual(
      expect.objectContaining({
        name: 'q',
        in: 'query',
        required: true,
        schema: expect.objectContaining({ type: 'string' }),
      }),
    )
    expect(search['parameters']).toContainEqual(
      expect.objectContaining({ name: 'limit', in: 'query', required: false }),
    )
    expect(search).not.toHaveProperty('requestBody')
    const rename = described('/v1/jottings/{id}', 'patch')
    const body = find(
      '#/paths/~1v1~1jottings~1{id}/patch/requestBody/content/application~1json/schema',
    ) as Node
    expect(Object.keys(body['properties'] as Node)).toEqual(['name'])
    expect(body).toMatchObject({ required: ['name'], additionalProperties: false })
    expect(rename['parameters']).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' })
  })

  it('describes both forms of a streamed answer, and problems', () => {
    const say = described('/v1/jottings/{id}/say', 'post') as {
      responses: Record<string, Node>
      requestBody: Node
    }
    expect(Object.keys(say.responses['200']!['content'] as Node)).toEqual([
      'application/json',
      'text/event-stream',
    ])
    expect(JSON.stringify(say.requestBody)).toContain('"stream":{')
    for (const status of ['400', '401', '403', '404', '409', '413', '415', '422', '500', '503', 'default']) {
      expect(say.responses[status]).toEqual({ $ref: '#/components/responses/Problem' })
    }
    expect(described('/v1/jottings', 'post')['responses']).toHaveProperty('201')
    expect(described('/v1/events', 'get')['responses']).toHaveProperty([
      '200',
      'content',
      'text/event-stream',
    ])
  })

  it('takes no idempotency key where the answer is secret', () => {
    const create = described('/v1/api-keys', 'post')
    expect(create['parameters']).not.toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' })
  })
})
