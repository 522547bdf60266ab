import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { eachBackend } from '../support/backends.ts'
import { emptyDatabase, type TestDatabase } from '../support/test-database.ts'
import { catalogOf, deploy, refusal, statusOf, wipe } from './deployed.ts'
import { currentModules, earlierModules, editFile, moduleOf } from './fixture-modules.ts'

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await emptyDatabase(backend)
  })
  afterAll(() => test.drop())
  beforeEach(() => wipe(test))

  describe('an applied migration', () => {
    it.each(['0001_places.sql', '0002_visits.sql', '0003_lookups.sql'])(
      'that was edited is refused by name: %s',
      async (file) => {
        const modules = currentModules()
        await deploy(test, modules)
        editFile(modules[0]!, `migrations/${file}`, (text) => `${text}\n-- an afterthought\n`)
        const name = `atlas/${Number(file.slice(0, 4))} ${file.slice(5, -4)}`
        const error = await refusal(deploy(test, modules))
        expect(error).toMatchObject({ code: 'DEPLOY_FILE_CHANGED', data: { files: [name] } })
        expect(error.message).toContain(name)
        expect(await refusal(statusOf(test, modules))).toMatchObject({ code: 'DEPLOY_FILE_CHANGED' })
      },
    )

    it('that is missing is refused by name', async () => {
      await deploy(test, currentModules())
      const error = await refusal(deploy(test, earlierModules()))
      expect(error).toMatchObject({
        code: 'DEPLOY_FILE_MISSING',
        data: { files: ['atlas/2 visits', 'atlas/3 lookups', 'harbour/1 ships', 'harbour/comments.sql'] },
      })
      expect(error.message).toContain('atlas/2 visits')
    })

    it('may change its line ends', async () => {
      const modules = currentModules()
      await deploy(test, modules)
      for (const file of [
        'migrations/0001_places.sql',
        'migrations/0003_lookups.sql',
        'objects/functions.sql',
      ]) {
        editFile(modules[0]!, file, (text) => text.replaceAll('\n', '\r\n'))
      }
      expect((await deploy(test, modules)).plan.steps).toEqual([])
      expect((await statusOf(test, modules)).pending).toEqual([])
    })

    it('may have been applied with other line ends in the first place', async () => {
      const modules = currentModules()
      for (const file of ['0001_places', '0002_visits', '0003_lookups']) {
        editFile(modules[0]!, `migrations/${file}.sql`, (text) => text.replaceAll('\n', '\r\n'))
      }
      await deploy(test, modules)
      expect((await deploy(test, currentModules())).plan.steps).toEqual([])
    })
  })

  describe('a sequence of migrations', () => {
    it('with a gap is refused', async () => {
      const modules = currentModules()
      editFile(modules[0]!, 'migrations/0002_visits.sql', () => null)
      expect(await refusal(deploy(test, modules))).toMatchObject({
        code: 'DEPLOY_SEQUENCE_BROKEN',
        data: { module: 'atlas', file: '0003_lookups.sql', expected: 2 },
      })
    })

    it('with a file of another name is refused', async () => {
      const modules = [moduleOf('atlas', { objects: {} })]
      const { writeFileSync } = await import('node:fs')
      writeFileSync(new URL('migrations/1_first.sql', modules[0]!.sql), 'select 1')
      expect(await refusal(deploy(test, modules))).toMatchObject({ code: 'DEPLOY_SEQUENCE_BROKEN' })
    })
  })

  describe('a statement that fails', () => {
    it('takes its migration back, keeps those before it, and says where it stands', async () => {
      const modules = [
        moduleOf('atlas', {
          migrations: {
            first: 'create table atlas.places (id integer primary key);',
            second:
              'create table atlas.visits (id integer);\n\n-- Wrong on purpose.\ninsert into atlas.nowhere values (1);',
          },
        }),
      ]
      const error = await refusal(deploy(test, modules))
      expect(error).toMatchObject({
        code: 'DEPLOY_STATEMENT_FAILED',
        data: { step: 'atlas/2', line: 4, sqlstate: '42P01' },
      })
      expect(error.message).toMatch(/^atlas\/2, line 4: .*nowhere/)
      expect((await catalogOf(test, modules)).tables.map((table) => table.name)).toEqual(['atlas.places'])

      editFile(modules[0]!, 'migrations/0002_second.sql', () => 'create table atlas.visits (id integer);')
      const { plan } = await deploy(test, modules)
      expect(plan.steps.map((step) => step.id)).toEqual(['atlas/2'])
      expect(await statusOf(test, modules)).toMatchObject({ pending: [], drift: [] })
    })

    it('leaves the session usable and without the role of the owner', async () => {
      const modules = [moduleOf('atlas', { migrations: { first: 'select 1 / 0' } })]
      await refusal(deploy(test, modules))
      const [row] = await test.query<{ user: string; session: string }>(
        'select current_user as "user", session_user as "session"',
      )
      expect(row?.user).toBe(row?.session)
    })

    it('is found before anything runs when it is no SQL at all', async () => {
      const modules = [moduleOf('atlas', { migrations: { first: 'creat table atlas.places ()' } })]
      await expect(deploy(test, modules)).rejects.toThrow(/syntax error/)
      expect(await test.query(`select 1 from pg_namespace where nspname = 'atlas'`)).toEqual([])
    })
  })

  describe('an objects file', () => {
    it('that is missing is refused by name; kept, it may drop what it made', async () => {
      const modules = currentModules()
      await deploy(test, modules)
      editFile(modules[0]!, 'objects/functions.sql', () => null)
      expect(await refusal(deploy(test, modules))).toMatchObject({
        code: 'DEPLOY_FILE_MISSING',
        data: { files: ['atlas/functions.sql'] },
      })
      const mended = currentModules()
      editFile(
        mended[0]!,
        'objects/functions.sql',
        () => 'drop view if exists atlas.rated_places; drop function if exists atlas.count_places();',
      )
      await deploy(test, mended)
      expect(await catalogOf(test, mended)).toMatchObject({ views: [], functions: [] })
    })

    it('of an older version is refused by name, until its text is one that was never applied', async () => {
      await deploy(test, currentModules())
      const newer = currentModules()
      editFile(newer[0]!, 'objects/functions.sql', (text) => `${text}-- More.\n`)
      await deploy(test, newer)
      for (const ask of [deploy, statusOf]) {
        expect(await refusal(ask(test, currentModules()))).toMatchObject({
          code: 'DEPLOY_FILE_OLDER',
          data: { files: ['atlas/functions.sql'] },
        })
      }
      const again = currentModules()
      editFile(again[0]!, 'objects/functions.sql', (text) => `${text}-- As it was.\n`)
      expect((await deploy(test, again)).plan.steps.map((step) => step.id)).toEqual(['atlas/functions.sql'])
    })
  })

  describe('a schema of somebody else', () => {
    it('is refused by name, though a ledger is there', async () => {
      await deploy(test, earlierModules())
      await test.query('create schema harbour')
      const error = await refusal(deploy(test, currentModules()))
      expect(error).toMatchObject({ code: 'DEPLOY_SCHEMA_TAKEN', data: { schemas: ['harbour'] } })
      expect(error.message).toMatch(/harbour \(of \w+\)/)
      await test.query('drop schema harbour')
      expect((await deploy(test, currentModules())).plan.steps.map((step) => step.id)).toContain(
        'harbour/schema',
      )
    })
  })

  describe('pgvector', () => {
    it('that is installed and too old is refused, though the server has a newer one', async () => {
      await deploy(test, earlierModules())
      await test.query(`update pg_extension set extversion = '0.7.4' where extname = 'vector'`)
      expect(await refusal(deploy(test, currentModules()))).toMatchObject({
        code: 'DEPLOY_EXTENSION_MISSING',
        data: { found: '0.7.4' },
      })
    })
  })

  describe('a no-transaction migration', () => {
    it('may only hold what can be repeated', async () => {
      const text = '-- robbieverse: no-transaction\nvacuum;\ncreate table atlas.places ();'
      const modules = [moduleOf('atlas', { migrations: { first: text } })]
      expect(await refusal(deploy(test, modules))).toMatchObject({
        code: 'DEPLOY_NOT_REPEATABLE',
        data: { migration: 'atlas/1', line: 3 },
      })
    })
  })
})
