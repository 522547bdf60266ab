import { describe, expect, it } from 'vitest'

import { sortModules, type Module } from './module.ts'

const module = (name: string, ...dependsOn: string[]): Module => ({
  name,
  dependsOn,
  tables: [],
  operations: [],
  sql: new URL(`file:///${name}/`),
})
const sorted = (...modules: Module[]) => sortModules(modules).map((item) => item.name)

describe('modules', () => {
  it('stand after those they depend on, however they are listed', () => {
    expect(sorted(module('c', 'b'), module('b', 'a'), module('a'))).toEqual(['a', 'b', 'c'])
    expect(sorted(module('d', 'b', 'c'), module('c', 'a'), module('b', 'a'), module('a'))).toEqual([
      'a',
      'b',
      'c',
      'd',
    ])
  })

  it('keep their order where nothing depends', () => {
    expect(sorted(module('z'), module('a'), module('m'))).toEqual(['z', 'a', 'm'])
  })

  it('that depend on each other in a circle are refused with the circle', () => {
    expect(() => sorted(module('a', 'b'), module('b', 'c'), module('c', 'a'))).toThrow('a -> b -> c -> a')
    expect(() => sorted(module('a', 'a'))).toThrow('a -> a')
  })

  it('that depend on an unknown one are refused by name', () => {
    expect(() => sorted(module('a', 'nowhere'))).toThrow('module a depends on nowhere, which does not exist')
  })
})
