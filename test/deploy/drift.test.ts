import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { deploy, refusal, statusOf } from './deployed.ts'

type Change = { what: string; by: string; undo: string; kind: string; path: string }

const changes: Change[] = [
  {
    what: 'a column that was added',
    by: 'alter table memory.ai_memories add column mine text',
    undo: 'alter table memory.ai_memories drop column mine',
    kind: 'unexpected',
    path: 'table memory.ai_memories / column mine',
  },
  {
    what: 'a default that was changed',
    by: 'alter table memory.ai_memories alter column importance set default 3',
    undo: 'alter table memory.ai_memories alter column importance drop default',
    kind: 'changed',
    path: 'table memory.ai_memories / column importance',
  },
  {
    what: 'an index that was dropped',
    by: 'drop index conversation.messages_at_idx',
    undo: 'create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id)',
    kind: 'missing',
    path: 'table conversation.messages / index messages_at_idx',
  },
  {
    what: 'a constraint that was dropped',
    by: 'alter table memory.ai_memories drop constraint ai_memories_importance_check',
    undo: 'alter table memory.ai_memories add constraint ai_memories_importance_check check (importance between 1 and 10)',
    kind: 'missing',
    path: 'table memory.ai_memories / constraint ai_memories_importance_check',
  },
  {
    what: 'a function that was changed',
    by: `create or replace function journal.head() returns bigint language plpgsql stable security definer
         set search_path = pg_catalog, pg_temp as $$ begin return 7; end $$`,
    undo: '',
    kind: 'changed',
    path: 'function journal.head()',
  },
  {
    what: 'row-level security that is not forced any more',
    by: 'alter table memory.ai_memories no force row level security',
    undo: 'alter table memory.ai_memories force row level security',
    kind: 'changed',
    path: 'table memory.ai_memories',
  },
  {
    what: 'row-level security that was disabled',
    by: 'alter table search.search_index disable row level security',
    undo: 'alter table search.search_index enable row level security',
    kind: 'changed',
    path: 'table search.search_index',
  },
  {
    what: 'a policy that was added',
    by: 'create policy wide_open on memory.ai_memories using (true)',
    undo: 'drop policy wide_open on memory.ai_memories',
    kind: 'unexpected',
    path: 'table memory.ai_memories / policy wide_open',
  },
  {
    what: 'a grant that was added',
    by: 'grant select on search.search_index to public',
    undo: 'revoke select on search.search_index from public',
    kind: 'unexpected',
    path: 'table search.search_index / grant public',
  },
  {
    what: 'a grant that was widened',
    by: 'grant update on journal.audit_log to robbieverse_app',
    undo: 'revoke update on journal.audit_log from robbieverse_app',
    kind: 'changed',
    path: 'table journal.audit_log / grant robbieverse_app',
  },
  {
    what: 'a right to a schema that was given',
    by: 'grant create on schema memory to public',
    undo: 'revoke create on schema memory from public',
    kind: 'unexpected',
    path: 'schema memory / grant public',
  },
  {
    what: 'a table that was added',
    by: 'create table platform.notes (id integer)',
    undo: 'drop table platform.notes',
    kind: 'unexpected',
    path: 'table platform.notes',
  },
  {
    what: 'a trigger that was added',
    by: `create trigger meddle before update on memory.ai_memories for each row execute function suppress_redundant_updates_trigger()`,
    undo: 'drop trigger meddle on memory.ai_memories',
    kind: 'unexpected',
    path: 'table memory.ai_memories / trigger meddle',
  },
  {
    what: 'an owner that was changed',
    by: 'alter table memory.ai_memories owner to current_user',
    undo: 'alter table memory.ai_memories owner to robbieverse_owner',
    kind: 'changed',
    path: 'table memory.ai_memories',
  },
]

eachBackend((backend) => {
  let test: TestDatabase
  let head: string

  beforeAll(async () => {
    test = await testDatabase(backend)
    const [row] = await test.query<{ text: string }>(
      `select pg_get_functiondef('journal.head()'::regprocedure) as text`,
    )
    head = row!.text
  })
  afterAll(() => test.drop())
  afterEach(async () => expect((await statusOf(test, modules)).drift).toEqual([]))

  const undo = (change: Change) => test.query(change.undo === '' ? head : change.undo)

  describe('drift', () => {
    it.each(changes)('is found: $what', async (change) => {
      await test.query(change.by)
      const { drift } = await statusOf(test, modules)
      await undo(change)
      expect(drift.map(({ kind, path }) => ({ kind, path }))).toContainEqual({
        kind: change.kind,
        path: change.path,
      })
    })

    it('is told with what was expected and what was found', async () => {
      await test.query('alter table memory.ai_memories alter column importance set default 3')
      const { drift } = await statusOf(test, modules)
      await test.query('alter table memory.ai_memories alter column importance drop default')
      expect(drift).toHaveLength(1)
      expect(JSON.parse(drift[0]!.expected!)).toMatchObject({ name: 'importance', default: null })
      expect(JSON.parse(drift[0]!.found!)).toMatchObject({ name: 'importance', default: '3' })
    })

    it('of a whole table is one finding', async () => {
      const both = 'begin; drop table memory.ai_memory_evidence'
      const drift = await test.database.session(async (session) => {
        await session.exec(both)
        const { findDrift } = await import('../../src/deploy/verify.ts')
        const found = await findDrift(session)
        await session.exec('rollback')
        return found
      })
      expect(drift.map(({ kind, path }) => `${kind} ${path}`)).toEqual([
        'missing table memory.ai_memory_evidence',
      ])
    })

    it('is not looked for outside the schemas of the modules', async () => {
      await test.query('create table public.old_contacts (id integer)')
      const { drift } = await statusOf(test, modules)
      await test.query('drop table public.old_contacts')
      expect(drift).toEqual([])
    })
  })

  describe('a deploy that was killed before it kept what it left', () => {
    it('is pending, and completed by the next one, after which drift is found again', async () => {
      await test.query('delete from robbieverse.snapshot')
      expect(await statusOf(test, modules)).toMatchObject({ pending: ['deploy/snapshot'], drift: [] })
      expect((await deploy(test, modules)).plan.steps).toEqual([])
      expect((await statusOf(test, modules)).pending).toEqual([])
      await test.query('drop index conversation.messages_at_idx')
      expect((await statusOf(test, modules)).drift).toHaveLength(1)
      await test.query(
        'create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id)',
      )
    })

    it('half way leaves no snapshot of what is no more', async () => {
      await test.query(
        `update robbieverse.objects set hash = 'older' where module = 'memory' and name = 'comments.sql'`,
      )
      const killed = deploy(test, modules, {
        onStatement: () => {
          throw new Error('killed')
        },
      })
      await expect(killed).rejects.toThrow('killed')
      expect((await statusOf(test, modules)).pending).toEqual(['memory/comments.sql', 'deploy/snapshot'])
      expect((await deploy(test, modules)).plan.steps.map((step) => step.id)).toEqual(['memory/comments.sql'])
      expect((await statusOf(test, modules)).pending).toEqual([])
    })
  })

  describe('a deploy over drift', () => {
    it('is refused with the first findings, and goes through when it is accepted', async () => {
      await test.query('drop index conversation.messages_at_idx')
      await test.query(
        `update robbieverse.objects set hash = 'older' where module = 'memory' and name = 'comments.sql'`,
      )
      const error = await refusal(deploy(test, modules))
      expect(error).toMatchObject({
        code: 'DEPLOY_DRIFT',
        data: { count: 1, first: ['missing table conversation.messages / index messages_at_idx'] },
      })
      expect((await statusOf(test, modules)).drift).toHaveLength(1)

      const { plan } = await deploy(test, modules, { acceptDrift: true })
      expect(plan.steps.map((step) => step.id)).toEqual(['memory/comments.sql'])
      expect((await statusOf(test, modules)).drift).toEqual([])

      await test.query(
        'create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id)',
      )
      await test.query(
        `update robbieverse.objects set hash = 'older' where module = 'memory' and name = 'comments.sql'`,
      )
      await deploy(test, modules, { acceptDrift: true })
    })

    it('with nothing to apply does nothing', async () => {
      await test.query('drop index conversation.messages_at_idx')
      expect((await deploy(test, modules)).plan.steps).toEqual([])
      expect((await statusOf(test, modules)).drift).toHaveLength(1)
      await test.query(
        'create index messages_at_idx on conversation.messages (town_id, conversation_id, at, id)',
      )
    })
  })
})
