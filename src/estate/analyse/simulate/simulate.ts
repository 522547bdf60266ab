import type { Source } from '../inventory/estate-file.ts'
import { handleFact, type FactHandlers } from '../inventory/fact-handlers.ts'
import type { Fact, Name, TableUse } from '../inventory/facts.ts'
import { applyChanges, move } from './alter.ts'
import { differences } from './compare.ts'
import { keyOf, type Place, type Simulated, type TableState } from './state.ts'

/** Follows the statements of a source in their order. */
export function simulate(source: Source): Simulated {
  const state: Simulated = {
    source: source.name,
    tables: new Map(),
    views: new Map(),
    functions: new Map(),
    types: new Map(),
    skips: [],
    strays: [],
    dropped: [],
  }
  for (const file of source.files) {
    const follower = new Follower(state)
    for (const statement of file.statements) {
      const place = { source: source.name, file: file.path, line: statement.line }
      for (const fact of statement.facts) follower.follow(fact, place)
    }
  }
  return state
}

/** Follows the statements of one file, which is one session: its search path ends with it. */
export class Follower {
  readonly #state: Simulated
  #path = ['public']

  constructor(state: Simulated) {
    this.#state = state
  }

  follow(fact: Fact, place: Place): void {
    const handlers: FactHandlers<void> = {
      'search-path': ({ schemas }) => {
        this.#path = schemas.filter((schema) => schema !== '$user' && schema !== 'pg_catalog')
      },
      table: (made) => {
        if (!made.isTemporary) this.#makeTable(made, place)
      },
      'alter-table': (altered) => this.#alter(altered, place),
      drop: (dropped) => this.#drop(dropped, place),
      rename: (renamed) => this.#rename(renamed),
      index: (index) => this.#addIndex(index, place),
      policy: (policy) => {
        if (!this.find(policy.table)) this.#stray(policy.table, policy, place)
        this.#onTable(policy.table, place, (table) => table.policies.push({ ...policy, place }))
      },
      view: (view) => this.#makeView(view, place),
      function: (made) => {
        const schema = this.#schemaOf(made.name)
        const key = `${keyOf({ schema, name: made.name.name })}(${made.arguments.join(', ')})`
        this.#state.functions.set(key, { ...made, schema, place })
      },
      type: ({ name, kind, values }) => {
        const key = keyOf({ schema: this.#schemaOf(name), name: name.name })
        this.#state.types.set(key, { kind, values: [...values], place })
      },
      'enum-value': ({ name, value }) => void this.#state.types.get(this.resolve(name))?.values.push(value),
      comment: ({ kind, name, text }) => {
        const table = kind === 'table' ? this.find(name) : undefined
        if (table) table.comment = text
      },
      query: ({ uses }) => uses.forEach((use) => this.#markRows(use)),
    }
    handleFact(handlers, fact)
  }

  /** The table of a name, as the search path finds it. */
  find(name: Name): TableState | undefined {
    return this.#state.tables.get(this.resolve(name))
  }

  /** `schema.name` of what a name means here; where nothing has it, of what it would be when made. */
  resolve(name: Name): string {
    if (name.schema !== null) return keyOf({ schema: name.schema, name: name.name })
    const { tables, views, types } = this.#state
    const keys = [...this.#path, 'public'].map((schema) => keyOf({ schema, name: name.name }))
    return keys.find((key) => tables.has(key) || views.has(key) || types.has(key)) ?? keys[0]!
  }

  #schemaOf(name: Name): string {
    return name.schema ?? this.#path[0] ?? 'public'
  }

  #alter(fact: Extract<Fact, { fact: 'alter-table' }>, place: Place): void {
    const table = this.find(fact.name)
    if (!table) this.#stray(fact.name, fact, place)
    applyChanges(this.#state, { fact, place, table, resolve: (name) => this.resolve(name) })
  }

  #stray(name: Name, fact: Simulated['strays'][number]['fact'], place: Place): void {
    this.#state.strays.push({ key: this.resolve(name), fact, place })
  }

  #onTable(name: Name, place: Place, change: (table: TableState) => void): void {
    const table = this.find(name)
    if (!table) return
    change(table)
    table.places.push(place)
  }

  #makeTable(fact: Extract<Fact, { fact: 'table' }>, place: Place): void {
    const { tables, skips } = this.#state
    const wanted = this.#tableOf(fact, place)
    const standing = tables.get(keyOf(wanted))
    if (!standing) {
      tables.set(keyOf(wanted), wanted)
      return
    }
    skips.push({
      kind: 'table',
      schema: wanted.schema,
      table: wanted.name,
      name: wanted.name,
      place,
      standing: standing.place,
      differences: wanted.isOpen ? [] : differences(standing, wanted, ['the first', 'this one']),
      isSilent: fact.ifNotExists,
      wanted,
    })
  }

  #tableOf(fact: Extract<Fact, { fact: 'table' }>, place: Place): TableState {
    const parents = fact.takesFrom.map((name) => this.find(name))
    const inherited = parents.flatMap((parent) => [...(parent?.columns ?? [])])
    const own = fact.columns.map(
      ({ line, ...column }) => [column.name, { ...column, place: { ...place, line } }] as const,
    )
    const columns = new Map([...inherited, ...own])
    const keys = fact.keys.map((key) => ({
      ...key,
      place: { ...place, line: key.line },
      target: key.references ? this.resolve(key.references.table) : null,
    }))
    for (const key of keys.filter(({ kind }) => kind === 'primary')) {
      for (const name of key.columns) {
        const column = columns.get(name)
        if (column) columns.set(name, { ...column, isNotNull: true })
      }
    }
    return {
      schema: this.#schemaOf(fact.name),
      name: fact.name.name,
      place,
      columns,
      keys,
      indexes: [],
      policies: [],
      rowSecurity: { isEnabled: false, isForced: false, place: null },
      isOpen: fact.isOpen || parents.some((parent) => !parent || parent.isOpen),
      hasRows: fact.reads.length > 0,
      comment: null,
      places: [place],
    }
  }

  #drop({ kind, names, on }: Extract<Fact, { fact: 'drop' }>, place: Place): void {
    const { tables, views, functions, types, dropped } = this.#state
    for (const name of names) {
      const key = this.resolve(name)
      if (kind === 'table' || kind === 'foreign table') {
        const state = tables.get(key)
        if (state) dropped.push({ state, place })
        tables.delete(key)
      }
      if (kind === 'view' || kind === 'materialized view') views.delete(key)
      if (kind === 'type' || kind === 'domain') types.delete(key)
      if (kind === 'function') {
        for (const other of functions.keys()) if (other.startsWith(`${key}(`)) functions.delete(other)
      }
      if (kind === 'schema') {
        for (const other of tables.keys()) if (other.startsWith(`${name.name}.`)) tables.delete(other)
      }
      if (kind === 'policy' && on) this.#dropPolicy(name.name, on)
      if (kind === 'index') {
        for (const table of tables.values())
          table.indexes = table.indexes.filter((index) => index.name !== name.name)
      }
    }
  }

  #dropPolicy(policy: string, on: Name): void {
    const table = this.find(on)
    if (table) table.policies = table.policies.filter(({ name }) => name !== policy)
    const key = this.resolve(on)
    this.#state.strays = this.#state.strays.filter(
      (stray) => !(stray.key === key && stray.fact.fact === 'policy' && stray.fact.name === policy),
    )
  }

  #rename({ kind, name, to }: Extract<Fact, { fact: 'rename' }>): void {
    const { tables, views } = this.#state
    if (kind === 'schema') {
      const own = [...tables.values()].filter(({ schema }) => schema === name.name)
      for (const table of own) move(this.#state, table, { schema: to })
    }
    if (kind === 'view' || kind === 'materialized view') {
      const view = views.get(this.resolve(name))
      if (!view) return
      views.delete(this.resolve(name))
      views.set(keyOf({ schema: view.schema, name: to }), { ...view, name: { ...view.name, name: to } })
    }
  }

  #addIndex(fact: Extract<Fact, { fact: 'index' }>, place: Place): void {
    const table = this.find(fact.table)
    if (!table) this.#stray(fact.table, fact, place)
    const standing =
      fact.name === null ? undefined : this.#indexNamed(table?.schema ?? this.#path[0]!, fact.name)
    if (standing && fact.ifNotExists) {
      const [was, is] = [standing.index, fact].map((index) =>
        index.columns.map((name) => name ?? '(…)').join(', '),
      )
      const isOther = standing.table !== table || was !== is || standing.index.method !== fact.method
      this.#state.skips.push({
        kind: 'index',
        schema: table?.schema ?? 'public',
        table: table?.name ?? fact.table.name,
        name: fact.name!,
        place,
        standing: standing.index.place,
        differences: isOther ? [`on ${standing.table.name} (${was}), not on ${fact.table.name} (${is})`] : [],
        isSilent: true,
        wanted: null,
      })
      return
    }
    this.#onTable(fact.table, place, (found) => found.indexes.push({ ...fact, place }))
  }

  #indexNamed(schema: string, name: string) {
    for (const table of this.#state.tables.values()) {
      const index = table.schema === schema ? table.indexes.find((item) => item.name === name) : undefined
      if (index) return { table, index }
    }
    return undefined
  }

  #makeView(fact: Extract<Fact, { fact: 'view' }>, place: Place): void {
    const schema = this.#schemaOf(fact.name)
    const needs = fact.reads.map((name) => this.resolve(name))
    const key = keyOf({ schema, name: fact.name.name })
    if (fact.ifNotExists && this.#state.views.has(key)) return
    this.#state.views.set(key, { ...fact, schema, place, needs })
  }

  #markRows({ table, how }: TableUse): void {
    const found = how === 'insert' ? this.find(table) : undefined
    if (found) found.hasRows = true
  }
}
