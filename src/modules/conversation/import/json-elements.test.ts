import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isRecord } from './json-access.ts'
import { JsonElementReader, maxDepth, type JsonElement, type JsonElementOptions } from './json-elements.ts'

const items: JsonElementOptions = {
  firstKey: 'item',
  isElement: (value) => isRecord(value) && 'body' in value,
}

function read(text: string, options: JsonElementOptions = items, size = text.length): JsonElement[] {
  const reader = new JsonElementReader(options)
  const bytes = Buffer.from(text)
  const found: JsonElement[] = []
  for (let at = 0; at < bytes.length; at += size) found.push(...reader.write(bytes.subarray(at, at + size)))
  return [...found, ...reader.end()]
}

const values = (found: JsonElement[]): unknown[] =>
  found.flatMap((element) => (element.kind === 'value' ? [element.value] : []))
const item = (name: string, body: unknown = 'x'): string => JSON.stringify({ item: name, body })
const names = (found: JsonElement[]): unknown[] =>
  values(found).map((value) => (isRecord(value) ? value['item'] : value))

describe('JsonElementReader', () => {
  it('reads the same elements as JSON.parse, wherever the pieces are cut', () => {
    const json = fc.array(fc.jsonValue(), { maxLength: 5 })
    fc.assert(
      fc.property(json, fc.integer({ min: 1, max: 9 }), (list, size) => {
        const text = JSON.stringify(list, null, list.length % 2)
        expect(values(read(text, items, size))).toEqual(JSON.parse(text))
      }),
      { numRuns: 300 },
    )
  })

  it('reads a file that is one object as one element', () => {
    expect(read(item('only'))).toEqual([
      { kind: 'value', index: 1, value: { item: 'only', body: 'x' }, isCut: false },
    ])
  })

  it('keeps a member named __proto__ as a plain member', () => {
    const [value] = values(read('[{"__proto__": {"isAdmin": true}}]'))
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
    expect(Object.keys(value as object)).toEqual(['__proto__'])
  })

  const breaks: [string, string][] = [
    ['a missing comma', '{"item":"two" "body":1}'],
    ['a missing brace', '{"item":"two","body":{"a":1}'],
    ['a text without its end', '{"item":"two,"body":1}'],
    ['a control character', '{"item":"tw\no","body":1}'],
    ['a key without its end', '{"item":"two","body}'],
    ['a stray word', '{"item":nope,"body":1}'],
    ['wrong brackets', '{"item":"two","body":[1}]'],
    ['an escape that is none', '{"item":"\\q","body":1}'],
  ]
  it.each(breaks)('loses only the element with %s', (_, broken) => {
    const before = item('one', 'é \\ " \u{1f600} \ud800 {"item":"not an element"}')
    const text = `[${before},${broken},${item('three')},\n ${item('four')}]`
    for (const size of [text.length * 4, 7, 1]) {
      const found = read(text, items, size)
      expect(names(found)).toEqual(['one', 'three', 'four'])
      expect(found.filter((element) => element.kind === 'problem')).toMatchObject([
        { index: 2, code: 'BROKEN_JSON' },
      ])
    }
  })

  it('looks for the key that the first element began with', () => {
    const text = '[{"other":1,"body":1},{"other":2,{"other":3,"body":3}]'
    expect(values(read(text))).toEqual([
      { other: 1, body: 1 },
      { other: 3, body: 3 },
    ])
  })

  it('does not take a piece of a broken element for an element', () => {
    const text = `[{"item":"one","body":[x,{"item":"a part"},{"item":"another"}]},${item('two')}]`
    expect(read(text)).toMatchObject([
      { kind: 'problem', index: 1 },
      { kind: 'value', index: 2, value: { item: 'two' } },
    ])
  })

  it('frees the elements that one with a lost bracket would swallow', () => {
    const text = `[${item('one')},{"item":"two","body":[{"a":[{}],"b":1},${item('three')},${item('four')}]`
    const found = read(text)
    expect(names(found)).toEqual(['one', 'three', 'four'])
    expect(found.filter((element) => element.kind === 'problem')).toEqual([
      { kind: 'problem', index: 2, code: 'BROKEN_JSON' },
    ])
  })

  it('reads the elements of an array within an object', () => {
    const found = read(`{"version":2,"all":[${item('one')},${item('two')}],"more":[1]}`)
    expect(found.map((element) => [element.kind, element.index])).toEqual([
      ['value', 1],
      ['value', 2],
    ])
    expect(names(found)).toEqual(['one', 'two'])
  })

  it('goes on with what follows the end of the array', () => {
    const found = read(`[${item('one')}][${item('two')}]`)
    expect(names(found)).toEqual(['one', 'two'])
    expect(found.map((element) => element.kind)).toEqual(['value', 'problem', 'value'])
  })

  it('says so when the file ends too early, whether within an element or between two', () => {
    expect(read(`[${item('one')},{"item":"tw`)).toMatchObject([
      { kind: 'value' },
      { index: 2, code: 'TRUNCATED_FILE' },
    ])
    expect(read(`[${item('one')},`)).toMatchObject([{ kind: 'value' }, { index: 2, code: 'TRUNCATED_FILE' }])
    expect(read('')).toMatchObject([{ code: 'TRUNCATED_FILE' }])
  })

  it('cuts what is nested too deeply and keeps the rest of the element', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const found = read(`[{"item":"one","body":${deep},"after":1},${item('two')}]`, items, 1000)
    expect(names(found)).toEqual(['one', 'two'])
    expect(found).toMatchObject([{ isCut: true, value: { after: 1 } }, { isCut: false }])
  })

  it('puts null where the first value too deep was', () => {
    const text = `[${'['.repeat(maxDepth + 1)}${']'.repeat(maxDepth + 1)}]`
    const allowed = `${'['.repeat(maxDepth)}null${']'.repeat(maxDepth)}`
    expect(read(text)).toEqual([{ kind: 'value', index: 1, value: JSON.parse(allowed), isCut: true }])
  })

  it('keeps what is nested exactly as deep as allowed', () => {
    const text = `[${'['.repeat(maxDepth)}${']'.repeat(maxDepth)}]`
    expect(read(text)).toMatchObject([{ kind: 'value', isCut: false, value: JSON.parse(text)[0] }])
  })

  it('passes over an element of more values than fit into memory', () => {
    const text = `[${item('one')},{"item":"two","body":[${'0,'.repeat(3000)}0]},${item('three')}]`
    const found = read(text, { ...items, maxTokens: 5000 })
    expect(names(found)).toEqual(['one', 'three'])
    expect(found[1]).toEqual({ kind: 'problem', index: 2, code: 'TOO_LARGE' })
  })

  it('gives up on a file that is broken everywhere', () => {
    const found = read(`[${item('one')},${'{"item"'.repeat(5000)},${item('two')}]`)
    expect(names(found)).toEqual(['one'])
    expect(found).toHaveLength(1002)
    expect(found.at(-1)).toMatchObject({ code: 'TOO_DAMAGED' })
  })

  it('passes over an element that is larger than allowed', () => {
    const text = `[${item('one')},${item('two', 'y'.repeat(50_000))},${item('three')}]`
    const found = read(text, { ...items, maxBytes: 10_000 }, 1000)
    expect(names(found)).toEqual(['one', 'three'])
    expect(found).toMatchObject([{ index: 1 }, { index: 2, code: 'TOO_LARGE' }, { kind: 'value' }])
  })
})
