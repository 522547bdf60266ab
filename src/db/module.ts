import type { AnyOperation } from './operation.ts'

/**
 * How a table is protected and spread.
 * `tenant`: town_id leads its key, row-level security is forced, one policy ANDs town and privacy.
 * `global`: no town; its policies stand in the module's objects.
 * `sealed`: granted to nobody; only `security definer` functions of the owner reach it.
 */
export type TableDeclaration = {
  name: string
  kind: 'tenant' | 'global' | 'sealed'
  distribution: 'distributed' | 'reference' | 'local'
  /** What the application role may do; the default is everything for tenant tables and select for global ones. */
  grants?: readonly ('select' | 'insert' | 'update' | 'delete')[]
}

/** What the documentation and the tests need to know of a resource; `src/modules/kit` makes them. */
export type ResourceFacts = {
  /** `crm.contacts`: what the ids of its operations begin with. */
  id: string
  table: string
  /** Singular: events and the search index name it so. */
  thing: string
  fields: readonly string[]
  filters: readonly string[]
  sorts: readonly string[]
  people: readonly string[]
  parent: string | null
  /** What its external ids are unique within, besides the town. */
  within: readonly string[]
  /** The least role that writes it. */
  writers: 'user' | 'admin'
}

/** A domain: one folder, one schema, one migration sequence. */
export type Module = {
  /** The schema's name and the folder's. */
  name: string
  dependsOn: readonly string[]
  tables: readonly TableDeclaration[]
  operations: readonly AnyOperation[]
  /** Kinds of things it keeps whose operations the kit makes; they are among `operations`. */
  resources?: readonly ResourceFacts[]
  /** `new URL('./sql/', import.meta.url)`: migrations and objects lie in it. */
  sql: URL
}

/** The modules with every one after those it depends on. Throws for an unknown or circular dependency. */
export function sortModules(modules: readonly Module[]): Module[] {
  const byName = new Map(modules.map((module) => [module.name, module]))
  const sorted = new Set<Module>()
  const visit = (module: Module, path: string[]) => {
    if (sorted.has(module)) return
    if (path.includes(module.name)) {
      throw new Error(`modules depend on each other in a circle: ${[...path, module.name].join(' -> ')}`)
    }
    for (const name of module.dependsOn) {
      const dependency = byName.get(name)
      if (!dependency) throw new Error(`module ${module.name} depends on ${name}, which does not exist`)
      visit(dependency, [...path, module.name])
    }
    sorted.add(module)
  }
  for (const module of modules) visit(module, [])
  return [...sorted]
}
