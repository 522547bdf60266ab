import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { CatalogModel, TableModel } from '../../src/catalog/model.ts'
import { readCatalog } from '../../src/catalog/read.ts'
import type { TableDeclaration } from '../../src/db/module.ts'
import { modules } from '../../src/modules/index.ts'
import { eachBackend } from '../support/backends.ts'
import { hasVerb, resources } from '../support/resource-maker.ts'
import { testDatabase, type TestDatabase } from '../support/test-database.ts'
import { foreignKeysOf } from './row-maker.ts'

const declared = new Map<string, TableDeclaration>(
  modules.flatMap((module) => module.tables.map((table) => [`${module.name}.${table.name}`, table] as const)),
)

/** Tables whose rows an operation written by hand removes. */
const REMOVED_BY_HAND = ['memory.ai_memories']

/** What is no resource's part, and yet nothing without what it goes with: nobody wrote anything into it. */
const MARKS = ['ai_memory_evidence_memory_id_fkey', 'sticky_notes_favorites_note_id_fkey']

// Each rule collects what breaks it, so that a failure lists every offender by name.
eachBackend((backend) => {
  let test: TestDatabase
  let model: CatalogModel
  let tenant: TableModel[]

  beforeAll(async () => {
    test = await testDatabase(backend)
    const schemas = modules.map((module) => module.name)
    model = await test.database.session((session) => readCatalog(session, schemas))
    tenant = model.tables.filter((table) => declared.get(table.name)?.kind === 'tenant')
  })
  afterAll(() => test.drop())

  const column = (table: TableModel, name: string) => table.columns.find((item) => item.name === name)
  const hasTown = (table: TableModel) => column(table, 'town_id') !== undefined
  const constraint = (table: TableModel, start: string) =>
    table.constraints.filter((item) => item.definition.startsWith(start))

  describe('a table with a town', () => {
    it('is declared as a tenant table, or sealed, or one of the few that link people to towns', () => {
      const others = model.tables.filter((table) => hasTown(table) && !tenant.includes(table))
      const global = others
        .filter((table) => declared.get(table.name)?.kind === 'global')
        .map((table) => table.name)
      expect(global).toEqual(['town.organization_towns'])
      expect(others.filter((table) => !declared.has(table.name))).toEqual([])
    })

    it('starts with town_id and id, which are its primary key', () => {
      expect(tenant.length).toBeGreaterThan(10)
      const wrong = tenant.filter(
        (table) =>
          table.columns[0]?.name !== 'town_id' ||
          table.columns[1]?.name !== 'id' ||
          constraint(table, 'PRIMARY KEY')[0]?.definition !== 'PRIMARY KEY (town_id, id)',
      )
      expect(names(wrong)).toEqual([])
    })

    it('holds what has a range, or a list of values, to it', () => {
      const RANGED =
        /(^|_)(attraction|gandhi_genghis|mood|energy|focus|importance|confidence|satisfaction|priority)$/
      const loose = tenant.flatMap((table) =>
        table.columns
          .filter(({ name, type }) => RANGED.test(name) && type !== 'boolean')
          .filter(
            ({ name }) =>
              !table.constraints.some((item) => new RegExp(`\\b${name}\\b`).test(item.definition)),
          )
          .map(({ name }) => `${table.name}.${name}`),
      )
      expect(loose).toEqual([])
    })

    it('says on each row who may see it and who made it', () => {
      const wrong = tenant.filter((table) => {
        const isRequired = (name: string, type: string) =>
          column(table, name)?.type === type && column(table, name)?.isNullable === false
        const hasCheck = constraint(table, 'CHECK').some((item) => item.name.endsWith('_privacy_check'))
        return !isRequired('privacy', 'text') || !isRequired('created_by', 'uuid') || !hasCheck
      })
      expect(names(wrong)).toEqual([])
    })

    it('forces row-level security with exactly one permissive policy, access, for every command', () => {
      const wrong = tenant.filter(({ rowSecurity, policies }) => {
        const [policy, ...more] = policies
        return (
          rowSecurity !== 'forced' ||
          more.length > 0 ||
          policy?.name !== 'access' ||
          policy.command !== 'all' ||
          !policy.isPermissive ||
          policy.check === null
        )
      })
      expect(names(wrong)).toEqual([])
    })

    it('has the same policy as every other one, with no sub-select in it', () => {
      const texts = new Set(tenant.map(({ policies }) => JSON.stringify(policies)))
      expect(texts.size).toBe(1)
      expect([...texts][0]).not.toMatch(/select/i)
      expect([...texts][0]).toContain('NULLIF(current_setting(')
    })

    it('carries the town in every unique key, constraint or index', () => {
      const all = model.tables.filter((table) => hasTown(table) && isSpread(table))
      const wrong = all.flatMap((table) =>
        [...table.constraints, ...table.indexes]
          .filter(({ definition }) => /^(PRIMARY KEY|UNIQUE|EXCLUDE|CREATE UNIQUE INDEX)/.test(definition))
          .filter(({ definition }) => !/\(town_id[,)]/.test(definition))
          .map((item) => `${table.name} ${item.name}`),
      )
      expect(wrong).toEqual([])
    })

    it('carries the town in every foreign key to another one', () => {
      const wrong = tenant.flatMap((table) =>
        foreignKeysOf(table)
          .filter((key) => tenant.some((target) => target.name === key.table))
          .filter((key) => key.columns[0] !== 'town_id' || key.references[0] !== 'town_id')
          .map((key) => `${table.name} ${key.name}`),
      )
      expect(wrong).toEqual([])
    })

    it('is referred to by no table without a town', () => {
      const wrong = model.tables
        .filter((table) => !hasTown(table))
        .flatMap((table) => foreignKeysOf(table).map((key) => ({ table, key })))
        .filter(({ key }) => tenant.some((target) => target.name === key.table))
        .map(({ table, key }) => `${table.name} ${key.name}`)
      expect(wrong).toEqual([])
    })
  })

  describe('a table', () => {
    it('has row-level security, and rights for nobody but the application role', () => {
      const wrong = model.tables.filter(
        (table) =>
          table.rowSecurity === 'off' || table.grants.some((grant) => grant.grantee !== 'robbieverse_app'),
      )
      expect(names(wrong)).toEqual([])
    })

    it('that is sealed or global does not force it, because functions of the owner read it', () => {
      const wrong = model.tables.filter((table) => !tenant.includes(table) && table.rowSecurity !== 'enabled')
      expect(names(wrong)).toEqual([])
    })

    it('that is sealed is granted to nobody', () => {
      const sealed = model.tables.filter((table) => declared.get(table.name)?.kind === 'sealed')
      expect(sealed.length).toBeGreaterThan(3)
      expect(names(sealed.filter((table) => table.grants.length > 0))).toEqual([])
    })

    it('that is global can only be read, under a policy of its own for one command each', () => {
      const global = model.tables.filter((table) => declared.get(table.name)?.kind === 'global')
      const wrong = global.filter(({ policies, grants }) => {
        const commands = policies.map((policy) => policy.command)
        return (
          commands.length === 0 ||
          new Set(commands).size < commands.length ||
          policies.some((policy) => !policy.isPermissive) ||
          grants.some((grant) => grant.privileges.join() !== 'select')
        )
      })
      expect(names(wrong)).toEqual([])
    })

    it('has an index for every foreign key', () => {
      const wrong = model.tables.flatMap((table) => {
        const indexed = [...table.constraints, ...table.indexes].flatMap(({ definition }) => {
          const [, columns] =
            /^(?:PRIMARY KEY|UNIQUE|CREATE (?:UNIQUE )?INDEX .*? USING btree) \((.*?)\)/.exec(definition) ??
            []
          return columns ? [columns.split(', ').map((part) => part.split(' ')[0]!)] : []
        })
        return foreignKeysOf(table)
          .filter(
            (key) =>
              !indexed.some((columns) =>
                key.columns.every((name) => columns.slice(0, key.columns.length).includes(name)),
              ),
          )
          .map((key) => `${table.name} ${key.name}`)
      })
      expect(wrong).toEqual([])
    })

    it('has no trigger, no rule and no foreign key that sets null', async () => {
      expect(names(model.tables.filter((table) => table.triggers.length > 0))).toEqual([])
      const wrong = model.tables.flatMap((table) =>
        table.constraints
          .filter((item) => /ON (DELETE|UPDATE) SET/.test(item.definition))
          .map((item) => item.name),
      )
      expect(wrong).toEqual([])
      const rules = await test.query(
        `select c.relname from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
         where n.nspname = any ($1) and c.relkind = 'r'`,
        [modules.map((module) => module.name)],
      )
      expect(rules).toEqual([])
    })

    it('loses no row because somebody removes another, unless it is a part of that', () => {
      const cascades = tenant.flatMap((table) =>
        foreignKeysOf(table).flatMap((key) => {
          const { definition } = table.constraints.find((item) => item.name === key.name)!
          return definition.includes('ON DELETE CASCADE')
            ? [{ ...key, table: table.name, target: key.table }]
            : []
        }),
      )
      const removed = new Set(REMOVED_BY_HAND)
      for (const { name } of tenant) {
        if (resources.some((each) => isOf(each.table, name) && hasVerb(each, 'delete'))) removed.add(name)
      }
      // What goes along takes along what refers to it.
      for (let size = 0; size < removed.size;) {
        size = removed.size
        for (const { table, target } of cascades) if (removed.has(target)) removed.add(table)
      }
      const isPart = (table: string, columns: string[]) =>
        resources.some((each) => isOf(each.table, table) && columns.includes(each.parent ?? ''))
      expect(removed.size).toBeGreaterThan(20)
      const wrong = cascades.filter(
        ({ table, columns, target }) => removed.has(target) && !isPart(table, columns),
      )
      expect(wrong.map(({ name }) => name).toSorted()).toEqual(MARKS)
    })

    it('keeps instants with their zone, and no serial numbers', () => {
      const wrong = model.tables.flatMap((table) =>
        table.columns
          .filter(
            (item) =>
              item.type === 'timestamp without time zone' ||
              /nextval|now\(\)|CURRENT_/.test(item.default ?? ''),
          )
          .map((item) => `${table.name}.${item.name}`),
      )
      expect(wrong).toEqual([])
    })

    it('names its constraints and indexes after itself', () => {
      const wrong = model.tables.flatMap((table) => {
        const bare = table.name.split('.')[1]!
        const pattern = new RegExp(`^${bare}_([a-z_0-9]+_)?(pkey|key|fkey|check|idx)$`)
        return [...table.constraints, ...table.indexes]
          .map((item) => item.name)
          .filter((name) => !pattern.test(name))
      })
      expect(wrong).toEqual([])
    })

    it('has a name that no other schema uses, so that it is found without its schema', () => {
      const bare = [...model.tables, ...model.views].map((item) => item.name.split('.')[1]!)
      expect(bare.filter((name, index) => bare.indexOf(name) !== index)).toEqual([])
    })
  })

  describe('a view', () => {
    it('sees with the rights of whoever asks', () => {
      expect(model.views.length).toBeGreaterThan(0)
      const wrong = model.views.filter((view) => !view.options.includes('security_invoker=true'))
      expect(wrong.map((view) => view.name)).toEqual([])
    })
  })

  describe('a function', () => {
    it('may be run by the application role or by nobody, never by everybody', () => {
      const wrong = model.functions.filter((item) =>
        item.grants.some((grant) => grant.grantee !== 'robbieverse_app'),
      )
      expect(wrong.map((item) => item.signature)).toEqual([])
    })

    it('has a fixed search path that ends with pg_temp', () => {
      expect(model.functions.length).toBeGreaterThan(10)
      const wrong = model.functions.filter(
        (item) => !item.settings.some((setting) => /^search_path=.*pg_temp$/.test(setting)),
      )
      expect(wrong.map((item) => item.signature)).toEqual([])
    })

    it('goes by the clock of the operation, as every view does', () => {
      const bodies = [
        ...model.functions.map(({ signature, body }) => ({ name: signature, text: body })),
        ...model.views.map(({ name, definition }) => ({ name, text: definition })),
      ]
      const own =
        /\b(now|clock_timestamp|statement_timestamp|transaction_timestamp)\(\)|current_(timestamp|date|time)\b/i
      expect(bodies.filter(({ text }) => own.test(text)).map(({ name }) => name)).toEqual([
        'town.acting_time()',
      ])
    })

    it('is plpgsql, because Citus cannot plan sql functions with parameters', () => {
      expect(
        model.functions.filter((item) => item.language !== 'plpgsql').map((item) => item.signature),
      ).toEqual([])
    })

    it('does not ask the settings where it claims to be immutable', () => {
      const wrong = model.functions.filter(
        (item) => item.volatility === 'immutable' && /current_setting/.test(item.body),
      )
      expect(wrong.map((item) => item.signature)).toEqual([])
    })
  })

  describe('everything', () => {
    it('belongs to the owner role, who is no superuser and cannot bypass row-level security', async () => {
      const owned = [...model.schemas, ...model.tables, ...model.views].map(({ name, owner }) => ({
        name,
        owner,
      }))
      const functions = model.functions.map(({ signature, owner }) => ({ name: signature, owner }))
      expect([...owned, ...functions].filter((item) => item.owner !== 'robbieverse_owner')).toEqual([])
      const roles = await test.query(
        `select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles
         where rolname in ('robbieverse_owner', 'robbieverse_app') order by 1`,
      )
      const powerless = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false }
      expect(roles).toEqual([
        { rolname: 'robbieverse_app', ...powerless },
        { rolname: 'robbieverse_owner', ...powerless },
      ])
      const members = await test.query(
        `select 1 from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = 'robbieverse_app'`,
      )
      expect(members).toEqual([])
    })

    it('says what it is for', () => {
      const silent = [
        ...model.schemas.filter((item) => !item.comment).map((item) => item.name),
        ...[...model.tables, ...model.views].filter((item) => !item.comment).map((item) => item.name),
        ...model.tables.flatMap((table) =>
          table.columns.filter((item) => !item.comment).map((item) => `${table.name}.${item.name}`),
        ),
        ...model.functions.filter((item) => !item.comment).map((item) => item.signature),
      ]
      expect(silent).toEqual([])
    })

    it('is closed to the application role but for reading the schema', () => {
      const wrong = model.schemas.filter(
        ({ grants }) => JSON.stringify(grants) !== '[{"grantee":"robbieverse_app","privileges":["usage"]}]',
      )
      expect(wrong.map((schema) => schema.name)).toEqual([])
    })

    it('of deploy’s own is not writable by the application role', async () => {
      const rights = await test.query(
        `select c.relname, p.privilege from pg_class c join pg_namespace n on n.oid = c.relnamespace,
           unnest(array['insert', 'update', 'delete', 'truncate']) p (privilege)
         where n.nspname = 'robbieverse' and c.relkind = 'r' and has_table_privilege('robbieverse_app', c.oid, p.privilege)`,
      )
      expect(rights).toEqual([])
    })
  })
})

/** Sealed tables that grow with a town; the small ones that link people to towns are the same on every node. */
function isSpread(table: TableModel): boolean {
  return declared.get(table.name)?.distribution === 'distributed'
}

function isOf(bare: string, table: string): boolean {
  return table.endsWith(`.${bare}`)
}

function names(tables: TableModel[]): string[] {
  return tables.map((table) => table.name)
}
