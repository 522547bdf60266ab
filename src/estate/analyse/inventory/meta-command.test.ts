import { describe, expect, it } from 'vitest'

import { metaCommand } from './meta-command.ts'

describe('metaCommand', () => {
  it.each([
    ['\\i a.sql', 'i', ['a.sql']],
    ["\\ir 'my file''s.sql'  ", 'ir', ["my file's.sql"]],
    ['\\connect "my db" bob', 'connect', ['my db', 'bob']],
    ['\\set a b c', 'set', ['a', 'b', 'c']],
    ['\\set a :x/:y.sql \\\\ select 1', 'set', ['a', ':x/:y.sql']],
    ["\\copy a from 'b c.csv' csv", 'copy', ["a from 'b c.csv' csv"]],
    ['\\! rm -r "x y"', '!', ['rm -r "x y"']],
    ["\\echo 'never closed", 'echo', ['never closed']],
    ['\\gexec', 'gexec', []],
  ])('reads %s', (line, name, args) => {
    expect(metaCommand(line)).toEqual({ name, args })
  })

  it('leaves lines of other clients', () => {
    expect(metaCommand('GO')).toBeNull()
    expect(metaCommand('DELIMITER //')).toBeNull()
  })
})
