import { describe, expect, it } from 'vitest'

import { kebab, parseFlags, type Flag } from './flags.ts'
import { editDistance, nearest } from './nearest.ts'

const FLAGS: Flag[] = [
  { name: 'externalId', kind: 'value', summary: '' },
  { name: 'limit', kind: 'value', summary: '' },
  { name: 'tags', kind: 'list', summary: '' },
  { name: 'json', kind: 'switch', summary: '' },
  { name: 'help', kind: 'switch', summary: '' },
]

const read = (...tokens: string[]) => {
  const { values, positionals } = parseFlags(tokens, FLAGS)
  return { ...Object.fromEntries(values), positionals }
}

describe('flags', () => {
  it('reads kebab-case and camelCase names alike, with a space or an equals sign', () => {
    for (const tokens of [
      ['--external-id', 'a b'],
      ['--external-id=a b'],
      ['--externalId', 'a b'],
      ['--externalId=a b'],
    ]) {
      expect(read(...tokens)).toEqual({ externalId: ['a b'], positionals: [] })
    }
  })

  it('takes what follows a flag as its value even when it looks like a flag', () => {
    expect(read('--external-id', '--json', 'x')).toEqual({ externalId: ['--json'], positionals: ['x'] })
    expect(read('--limit', '-5')).toEqual({ limit: ['-5'], positionals: [] })
    expect(read('--external-id=--a=b')).toEqual({ externalId: ['--a=b'], positionals: [] })
    expect(read('--external-id=')).toEqual({ externalId: [''], positionals: [] })
  })

  it('reads switches with and without a value and negated', () => {
    expect(read('--json', 'x')).toEqual({ json: ['true'], positionals: ['x'] })
    expect(read('--json', 'false', 'x')).toEqual({ json: ['false'], positionals: ['x'] })
    expect(read('--json=false')).toEqual({ json: ['false'], positionals: [] })
    expect(read('--no-json')).toEqual({ json: ['false'], positionals: [] })
    expect(read('-h')).toEqual({ help: ['true'], positionals: [] })
  })

  it('gathers a list in order and leaves everything after -- alone', () => {
    expect(read('--tags', 'a', '-', '--tags=b', '--', '--json', 'c')).toEqual({
      tags: ['a', 'b'],
      positionals: ['-', '--json', 'c'],
    })
  })

  it.each([
    [['--limt', '3'], 'There is no flag --limt. Did you mean --limit?'],
    [['--external'], 'There is no flag --external. Did you mean --external-id?'],
    [['--zebra=1'], 'There is no flag --zebra.'],
    [['-l', '3'], 'There is no flag -l.'],
    [['--no-limit'], 'There is no flag --no-limit.'],
    [['--__proto__', '1'], 'There is no flag --__proto__.'],
    [['--limit'], '--limit needs a value.'],
    [['--json=maybe'], '--json is true or false, not "maybe".'],
    [['--limit', '1', '--limit', '2'], '--limit was given more than once.'],
  ])('refuses %j as a usage error', (tokens, message) => {
    expect(() => read(...tokens)).toThrow(expect.objectContaining({ code: 'USAGE', message }))
  })

  it('writes camelCase and snake_case names in kebab-case', () => {
    expect(['externalId', 'mood_events', 'gandhiGenghis', 'q'].map(kebab)).toEqual([
      'external-id',
      'mood-events',
      'gandhi-genghis',
      'q',
    ])
  })
})

describe('the nearest name', () => {
  it('counts a swap of neighbours as one mistake', () => {
    expect(editDistance('recall', 'reclal')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })

  it('is found for a slip of the fingers and for a beginning, not for another word', () => {
    const names = ['conversation', 'memory', 'persona']
    expect(nearest('converastion', names)).toBe('conversation')
    expect(nearest('pers', names)).toBe('persona')
    expect(nearest('banana', names)).toBeNull()
  })
})
