import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Difference } from '../../src/catalog/diff.ts'
import { findDrift } from '../../src/deploy/drift.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { statusOf } from './deployed.ts'

/** `DEPLOYER` in `finds` stands for the role that the test runs as. */
type Change = { what: string; by: string; finds: string }

const changes: Change[] = [
  {
    what: 'a column that was added',
    by: 'alter table memory.ai_memories add column mine text',
    finds: 'unexpected table memory.ai_memories / column mine',
  },
  {
    what: 'a default that was changed',
    by: 'alter table memory.ai_memories alter column importance set default 3',
    finds: 'changed table memory.ai_memories / column importance',
  },
  {
    what: 'an index that was dropped',
    by: 'drop index conversation.messages_at_idx',
    finds: 'missing table conversation.messages / index messages_at_idx',
  },
  {
    what: 'a constraint that was dropped',
    by: 'alter table memory.ai_memories drop constraint ai_memories_importance_check',
    finds: 'missing table memory.ai_memories / constraint ai_memories_importance_check',
  },
  {
    what: 'a function that was changed',
    by: `create or replace function journal.head() returns bigint language plpgsql stable security definer
         set search_path = pg_catalog, pg_temp as $$ begin return 7; end $$`,
    finds: 'changed function journal.head()',
  },
  {
    what: 'row-level security that is not forced any more',
    by: 'alter table memory.ai_memories no force row level security',
    finds: 'changed table memory.ai_memories',
  },
  {
    what: 'row-level security that was disabled',
    by: 'alter table search.search_index disable row level security',
    finds: 'changed table search.search_index',
  },
  {
    what: 'a policy that was added',
    by: 'create policy wide_open on memory.ai_memories using (true)',
    finds: 'unexpected table memory.ai_memories / policy wide_open',
  },
  {
    what: 'a grant that was added',
    by: 'grant select on search.search_index to public',
    finds: 'unexpected table search.search_index / grant public',
  },
  {
    what: 'a grant that was widened',
    by: 'grant update on journal.audit_log to robbieverse_app',
    finds: 'changed table journal.audit_log / grant robbieverse_app',
  },
  {
    what: 'a right to a schema that was given',
    by: 'grant create on schema memory to public',
    finds: 'unexpected schema memory / grant public',
  },
  {
    what: 'a table that was added',
    by: 'create table platform.notes (id integer)',
    finds: 'unexpected table platform.notes',
  },
  {
    what: 'a trigger that was added',
    by: `create trigger meddle before update on memory.ai_memories for each row execute function suppress_redundant_updates_trigger()`,
    finds: 'unexpected table memory.ai_memories / trigger meddle',
  },
  {
    what: 'an owner that was changed',
    by: 'alter table memory.ai_memories owner to current_user',
    finds: 'changed table memory.ai_memories',
  },
  {
    what: 'a rule that swallows writes',
    by: 'create rule nothing as on delete to memory.ai_memories do instead nothing',
    finds: 'unexpected table memory.ai_memories / rule nothing',
  },
  {
    what: 'a policy that applies to others',
    by: 'alter policy access on memory.ai_memories to robbieverse_owner',
    finds: 'changed table memory.ai_memories / policy access',
  },
  {
    what: 'a right to one column',
    by: 'grant select (key_hash) on identity.api_keys to public',
    finds: 'changed table identity.api_keys / column key_hash',
  },
  {
    what: 'a right that was taken from the owner',
    by: 'revoke select on identity.api_keys from robbieverse_owner',
    finds: 'unexpected table identity.api_keys / grant robbieverse_owner',
  },
  {
    what: 'every right taken from the owner',
    by: 'revoke all on identity.api_keys from robbieverse_owner',
    finds: 'unexpected table identity.api_keys / grant robbieverse_owner',
  },
  {
    what: 'a right that may be passed on',
    by: 'grant select on memory.ai_memories to robbieverse_app with grant option',
    finds: 'changed table memory.ai_memories / grant robbieverse_app',
  },
  {
    what: 'a function that is leakproof',
    by: 'alter function journal.head() leakproof',
    finds: 'changed function journal.head()',
  },
  {
    what: 'a function that is strict',
    by: 'alter function journal.head() strict',
    finds: 'changed function journal.head()',
  },
  {
    what: 'a function that is safe in parallel',
    by: 'alter function journal.head() parallel safe',
    finds: 'changed function journal.head()',
  },
  {
    what: 'a sequence that was added',
    by: 'create sequence memory.counter',
    finds: 'unexpected sequence memory.counter',
  },
  {
    what: 'an enum that was added',
    by: `create type memory.mood as enum ('good')`,
    finds: 'unexpected type memory.mood',
  },
  {
    what: 'a composite type that was added',
    by: 'create type memory.pair as (a integer, b integer)',
    finds: 'unexpected type memory.pair',
  },
  {
    what: 'a domain that was added',
    by: 'create domain memory.short as text check (length(value) < 9)',
    finds: 'unexpected type memory.short',
  },
  {
    what: 'a collation that was added',
    by: 'create collation memory.bytes from "C"',
    finds: 'unexpected collation memory.bytes',
  },
  {
    what: 'a right to the ledger',
    by: 'grant delete on robbieverse.migrations to robbieverse_app',
    finds: 'changed table robbieverse.migrations / grant robbieverse_app',
  },
  {
    what: 'rights that new tables will have',
    by: 'alter default privileges in schema memory grant select on tables to public',
    finds: 'unexpected default privileges for role DEPLOYER in schema memory on tables',
  },
  {
    what: 'rights that everything new of the owner will have',
    by: 'alter default privileges for role robbieverse_owner grant all on tables to public',
    finds: 'unexpected default privileges for role robbieverse_owner on tables',
  },
  {
    what: 'an application role that bypasses policies',
    by: 'alter role robbieverse_app bypassrls',
    finds: 'changed role robbieverse_app',
  },
  {
    what: 'an application role that is the owner',
    by: 'grant robbieverse_owner to robbieverse_app',
    finds: 'changed role robbieverse_app',
  },
  {
    what: 'foreign keys that are not checked',
    by: 'alter table memory.ai_memory_evidence disable trigger all',
    finds: 'changed table memory.ai_memory_evidence / constraint ai_memory_evidence_memory_id_fkey',
  },
  {
    what: 'a table that is lost in a crash',
    by: 'alter table memory.ai_memory_evidence set unlogged',
    finds: 'changed table memory.ai_memory_evidence',
  },
  {
    what: 'a storage parameter',
    by: 'alter table memory.ai_memories set (autovacuum_enabled = false)',
    finds: 'changed table memory.ai_memories',
  },
  {
    what: 'a table that lies elsewhere',
    by: 'create foreign data wrapper nothing; create server afar foreign data wrapper nothing; create foreign table memory.far (id integer) server afar',
    finds: 'unexpected table memory.far',
  },
  {
    what: 'a table that inherits',
    by: 'create table public.heir () inherits (memory.ai_memory_evidence); alter table public.heir set schema platform',
    finds: 'unexpected table platform.heir',
  },
  {
    what: 'a view with the rights of its owner',
    by: 'alter view presence.ai_activity_log set (security_invoker = false)',
    finds: 'changed view presence.ai_activity_log',
  },
  {
    what: 'a view into which writes vanish',
    by: 'create rule nothing as on insert to presence.ai_activity_log do instead nothing',
    finds: 'unexpected view presence.ai_activity_log / rule nothing',
  },
]

eachBackend((backend) => {
  let test: TestDatabase

  beforeAll(async () => {
    test = await testDatabase(backend)
  })
  afterAll(() => test.drop())

  /** What is found after `sql`, which is then taken back: roles belong to other tests too. */
  const driftAfter = (sql: string): Promise<Difference[]> =>
    test.database.session(async (session) => {
      await session.exec('begin')
      try {
        await session.exec(sql)
        return await findDrift(session)
      } finally {
        await session.exec('rollback')
      }
    })
  const named = ({ kind, path }: Difference) => `${kind} ${path}`

  describe('drift', () => {
    it('is none after a deploy', async () => {
      expect((await statusOf(test, modules)).drift).toEqual([])
    })

    it.each(changes)('is found: $what', async ({ by, finds }) => {
      const [row] = await test.query<{ me: string }>('select current_user as me')
      expect((await driftAfter(by)).map(named)).toContain(finds.replace('DEPLOYER', row!.me))
    })

    it('is told with what was expected and what was found', async () => {
      const drift = await driftAfter('alter table memory.ai_memories alter column importance set default 3')
      expect(drift).toHaveLength(1)
      expect(JSON.parse(drift[0]!.expected!)).toMatchObject({ name: 'importance', default: null })
      expect(JSON.parse(drift[0]!.found!)).toMatchObject({ name: 'importance', default: '3' })
    })

    it('of a whole table is one finding', async () => {
      const drift = await driftAfter('drop table memory.ai_memory_evidence')
      expect(drift.map(named)).toEqual(['missing table memory.ai_memory_evidence'])
    })

    it('is not looked for outside the schemas of the modules', async () => {
      expect(await driftAfter('create table public.old_contacts (id integer)')).toEqual([])
    })

    it('is not what rights look like once they are written down', async () => {
      const same =
        'grant all on memory.ai_memories to robbieverse_owner; grant usage on schema memory to robbieverse_app'
      expect(await driftAfter(same)).toEqual([])
    })
  })

  describe('looking for drift', () => {
    it('leaves the search path of the open transaction as it was', async () => {
      await test.database.session(async (session) => {
        await session.exec(`begin; set local search_path to memory, public`)
        await findDrift(session)
        expect(await session.query('show search_path')).toEqual([{ search_path: 'memory, public' }])
        await session.exec('rollback')
      })
    })

    it('tells the error that came first, and leaves the search path of the session as it was', async () => {
      await test.database.session(async (session) => {
        const [before] = await session.query('show search_path')
        const failing: typeof session = {
          ...session,
          exec: (text) => session.exec(text),
          query: (text, values) =>
            session.query(
              text.includes('pg_get_viewdef') ? 'select 1 / 0' : text,
              text.includes('pg_get_viewdef') ? [] : values,
            ),
        }
        await session.exec('begin')
        await expect(findDrift(failing)).rejects.toMatchObject({ code: '22012' })
        await session.exec('rollback')
        expect(await session.query('show search_path')).toEqual([before])
      })
    })
  })
})
