import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'

import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { z } from 'zod'

import { defineOperation } from '../db/operation.ts'
import { modules } from '../modules/index.ts'
import { GivenTexts } from './given-text.ts'
import { COMMON_FLAGS, fieldFlags, readOperationCall } from './operation-input.ts'

const folder = mkdtempSync(join(tmpdir(), 'robbieverse-flags-'))
afterAll(() => rmSync(folder, { recursive: true }))

const operation = defineOperation({
  id: 'notes.put',
  kind: 'command',
  access: 'user',
  summary: 'Keeps a note.',
  http: 'POST /v1/shelves/{shelf}/notes/{id}',
  input: z.strictObject({
    shelf: z.string(),
    id: z.int(),
    content: z.string().optional(),
    externalId: z.string().optional(),
    isCore: z.boolean().optional(),
    tags: z.array(z.string()).optional(),
    scores: z.array(z.int()).optional(),
    card: z.record(z.string(), z.unknown()).optional(),
    messages: z.array(z.strictObject({ role: z.string(), content: z.string() })).optional(),
  }),
  output: z.object({}),
  run: async () => ({}),
})

const texts = (stdin = '') =>
  new GivenTexts({ stdin: Readable.from(stdin === '' ? [] : [Buffer.from(stdin)]) })
const read = async (tokens: string[], stdin?: string) =>
  (await readOperationCall(operation, ['--shelf=s', '--id=1', ...tokens], texts(stdin))).input
const field = async (name: string, ...tokens: string[]) => (await read(tokens))[name]

/** As a person types it: only a leading @ needs a second one. */
const typed = (text: string) => (text.startsWith('@') ? `@${text}` : text)

describe('the input of an operation', () => {
  it('gets any text that is given as a value unchanged', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '--json',
        '-',
        '--',
        '@',
        '@@',
        '@-',
        '"\'\\$`',
        '1',
        'true',
        'null',
        '[1]',
        '{}',
        ' a, b ',
        '\n',
        '=',
      ),
    )
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        expect(await field('content', '--content', typed(value))).toBe(value)
        expect(await field('externalId', `--external-id=${typed(value)}`)).toBe(value)
        expect(await field('tags', '--tags', typed(value), '--tags', typed(value))).toEqual([value, value])
        expect(await field('content', '--input', JSON.stringify({ content: value }))).toBe(value)
      }),
    )
  })

  it('gets any JSON that is given for an object or a list of objects', async () => {
    const object = fc.dictionary(fc.string(), fc.jsonValue())
    const message = fc.record({ role: fc.string(), content: fc.string({ unit: 'grapheme' }) })
    await fc.assert(
      fc.asyncProperty(object, fc.array(message, { minLength: 1 }), async (card, messages) => {
        const plain = JSON.parse(JSON.stringify({ card, messages }))
        expect(await field('card', '--card', JSON.stringify(card))).toEqual(plain.card)
        expect(await field('messages', '--messages', JSON.stringify(messages))).toEqual(plain.messages)
        const each = messages.flatMap((item) => ['--messages', JSON.stringify(item)])
        expect(await field('messages', ...each)).toEqual(plain.messages)
      }),
    )
  })

  it('splits a list that is given once at its commas', async () => {
    expect(await field('tags', '--tags', 'tea, coffee')).toEqual(['tea', 'coffee'])
    expect(await field('scores', '--scores=1,2')).toEqual([1, 2])
    expect(await field('scores', '--scores', '1', '--scores', '2')).toEqual([1, 2])
    expect(await field('tags', '--tags=')).toEqual([])
  })

  it('takes texts from files and from standard input to the letter', async () => {
    const file = join(folder, 'text.txt')
    const content = ' "quoted" \\ $HOME `x`\r\n@last\n'
    writeFileSync(file, content)
    expect(await field('content', '--content', `@${file}`)).toBe(content)
    expect(await read(['--content', '@-'], content)).toMatchObject({ content })
    expect(await read(['--messages=@-'], '\ufeff[{"role":"user","content":"é"}]')).toMatchObject({
      messages: [{ role: 'user', content: 'é' }],
    })
    await expect(read(['--content', '@-', '--external-id', '@-'], 'x')).rejects.toMatchObject({
      code: 'USAGE',
    })
    await expect(read(['--content', `@${file}.none`])).rejects.toThrow('it does not exist')
  })

  it('refuses a file that is not UTF-8 text', async () => {
    const file = join(folder, 'latin1.txt')
    writeFileSync(file, Buffer.from([0x63, 0xe9]))
    await expect(read(['--content', `@${file}`])).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('takes path parameters by position, in the order of the address', async () => {
    const call = (...tokens: string[]) => readOperationCall(operation, tokens, texts())
    expect((await call('attic', '7')).input).toEqual({ shelf: 'attic', id: 7 })
    expect((await call('--shelf', 'attic', '7')).input).toEqual({ shelf: 'attic', id: 7 })
    expect((await call('@attic', '7')).input).toEqual({ shelf: '@attic', id: 7 })
    await expect(call('attic', '7', 'more')).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('lets flags win over the whole input', async () => {
    const input = JSON.stringify({ content: 'from input', isCore: false })
    expect(await read(['--input', input, '--content', 'from flag', '--is-core'])).toEqual({
      shelf: 's',
      id: 1,
      content: 'from flag',
      isCore: true,
    })
    await expect(read(['--input', '[1]'])).rejects.toMatchObject({ code: 'USAGE' })
  })

  it('is checked before anything is opened, each problem with its field', async () => {
    await expect(readOperationCall(operation, ['--id=x', '--content', 'a'], texts())).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      fields: [{ path: 'shelf', message: 'is required' }, { path: 'id' }],
    })
    await expect(read(['--input', '{"colour": 1}'])).rejects.toMatchObject({
      fields: [{ path: 'colour', message: 'is not a field of this operation' }],
    })
  })

  it('takes an idempotency key that fits a header, and no other', async () => {
    const call = (key: string) => readOperationCall(operation, ['s', '1', '--idempotency-key', key], texts())
    expect((await call('a-1')).idempotencyKey).toBe('a-1')
    for (const key of ['', 'a b', 'é', 'x'.repeat(201)]) {
      await expect(call(key)).rejects.toMatchObject({ code: 'USAGE' })
    }
  })
})

describe('the flags of the shipped operations', () => {
  it.each(modules.flatMap((module) => module.operations).map((item) => [item.id, item] as const))(
    'of %s are told apart from the common ones',
    (_id, item) => {
      const common = new Set<string>(COMMON_FLAGS.map((flag) => flag.name))
      expect(fieldFlags(item).filter((flag) => common.has(flag.name))).toEqual([])
    },
  )
})
