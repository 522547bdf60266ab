import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { walkFiles } from './walk.ts'

let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'robbieverse-walk-'))
})

afterEach(() => {
  rmSync(root, { recursive: true, force: true })
})

function write(files: Record<string, string | Uint8Array>): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), content)
  }
}

const paths = (...given: string[]) =>
  walkFiles(given.map((path) => join(root, path))).files.map((file) => file.path)

describe('walkFiles', () => {
  it('lists SQL, services and the files of migration tools by code point, with what they are', () => {
    write({
      'b.sql': '',
      'a/Z.PSQL': '',
      'a/a.ddl': '',
      'a.sql.j2': '',
      'x.py': '',
      'ä.sql': '',
      '🙂.sql': '',
      '\uFF5E.sql': '',
      'sqitch.plan': '',
      'notes.txt': '',
      'x.d.ts': '',
      'x.min.js': '',
    })
    const { files, problems } = walkFiles([root])
    expect(problems).toEqual([])
    expect(files.map((file) => file.path)).toEqual([
      'a.sql.j2',
      'a/Z.PSQL',
      'a/a.ddl',
      'b.sql',
      'sqitch.plan',
      'x.py',
      'ä.sql',
      '\uFF5E.sql',
      '🙂.sql',
    ])
    expect(files.find((file) => file.path === 'x.py')).toMatchObject({ kind: 'service', language: 'python' })
    expect(files.find((file) => file.path === 'sqitch.plan')).toMatchObject({ kind: 'tool', tool: 'sqitch' })
  })

  it('names paths from the deepest folder that holds all that is given, or from the one it is told', () => {
    write({ 'estate/db/a.sql': '', 'estate/api/b.sql': '' })
    expect(paths('estate/db', 'estate/api')).toEqual(['api/b.sql', 'db/a.sql'])
    expect(paths('estate/db', 'estate/none')).toEqual(['a.sql'])
    expect(paths('estate/db/a.sql')).toEqual(['a.sql'])
    const { files } = walkFiles([join(root, 'estate/db')], { root })
    expect(files.map((file) => file.path)).toEqual(['estate/db/a.sql'])
  })

  it('lists a file once that is given twice, or through a link', () => {
    write({ 'z/a.sql': '' })
    symlinkSync(join(root, 'z'), join(root, 'a'))
    symlinkSync(join(root, 'z/a.sql'), join(root, 'b.sql'))
    symlinkSync(root, join(root, 'z/up'))
    expect(paths('.', 'z', 'z/a.sql')).toEqual(['z/a.sql'])
  })

  it('leaves out what git does, at every level, and takes back what is excepted', () => {
    write({
      '.git/HEAD': '',
      '.gitignore': '*.gen.sql\n/build/\n',
      'a.gen.sql': '',
      'a.sql': '',
      'build/b.sql': '',
      'c/build/d.sql': '',
      'c/.gitignore': '!e.gen.sql\nf.sql\n',
      'c/e.gen.sql': '',
      'c/f.sql': '',
      'c/g/f.sql': '',
      'f.sql': '',
    })
    expect(paths('.')).toEqual(['a.sql', 'c/build/d.sql', 'c/e.gen.sql', 'f.sql'])
    expect(paths('c')).toEqual(['build/d.sql', 'e.gen.sql'])
    expect(paths('build')).toEqual(['b.sql'])
    expect(paths('a.gen.sql')).toEqual(['a.gen.sql'])
  })

  it("leaves other people's code out", () => {
    write({
      'node_modules/a/b.sql': '',
      'env/pyvenv.cfg': '',
      'env/lib/c.sql': '',
      'vendor/modules.txt': '',
      'vendor/d.sql': '',
      'e/vendor/f.sql': '',
      '.git/g.sql': '',
    })
    expect(paths('.')).toEqual(['e/vendor/f.sql'])
  })

  it('reads a file that is given itself whatever its name', () => {
    write({ 'dump.txt': 'select 1;' })
    expect(walkFiles([join(root, 'dump.txt')]).files).toMatchObject([{ path: 'dump.txt', kind: 'sql' }])
  })

  it('says in one line each what cannot be read, and goes on', () => {
    write({ 'a.sql': '', 'b.dump': 'PGDMP\u0001', 'c.sql': 'x'.repeat(100), 'empty/x.py': '' })
    symlinkSync(join(root, 'nowhere'), join(root, 'd.sql'))
    const walk = walkFiles([root, join(root, 'none'), join(root, 'empty')], { maxBytes: 50 })
    expect(walk.files.map((file) => file.path)).toEqual(['a.sql', 'empty/x.py'])
    expect(walk.problems.map(({ kind, path }) => [kind, path.replace(`${root}/`, '')])).toEqual(
      expect.arrayContaining([
        ['binary', 'b.dump'],
        ['too-large', 'c.sql'],
        ['unreadable', 'd.sql'],
        ['no-such-path', 'none'],
        ['no-sql', 'empty'],
      ]),
    )
    expect(walk.problems).toHaveLength(5)
    expect(walk.problems.every(({ message }) => message.split('\n').length === 1)).toBe(true)
  })

  it.skipIf(process.getuid?.() === 0)('says what it has no permission to read', () => {
    write({ 'a.sql': '' })
    chmodSync(join(root, 'a.sql'), 0)
    expect(walkFiles([root]).problems).toMatchObject([{ kind: 'unreadable' }, { kind: 'no-sql' }])
  })
})
