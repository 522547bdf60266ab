import type { AnyOperation } from '../../db/operation.ts'
import { declareKind } from '../search/index.ts'
import { rememberPart } from './parts.ts'
import { makeOperations } from './resource.operations.ts'
import type { Resource, ResourceDefinition, ResourceTable } from './resource.ts'

/** Declares a kind of thing that people keep, with every operation on it. */
export function defineResource<T extends ResourceTable>(definition: ResourceDefinition<T>): Resource {
  const { computed, derived, filters, sorts, range, parent, within, writers } = definition
  const { people, formats, indexed } = definition
  let operations: readonly AnyOperation[] | null = null
  const resource = {
    ...definition,
    computed: computed ?? [],
    derived: derived ?? {},
    filters: filters ?? [],
    sorts: sorts ?? [],
    range: range ?? null,
    parent: parent ?? null,
    within: within ?? [],
    writers: writers ?? 'user',
    people: people ?? [],
    formats: formats ?? {},
    indexed: indexed ?? null,
    check: definition.check ?? (() => Promise.resolve()),
    complete: definition.complete ?? null,
    onChange: definition.onChange ?? null,
    get operations() {
      return (operations ??= makeOperations(resource))
    },
  } as unknown as Resource
  rememberPart(resource)
  if (indexed) declareKind(resource.thing)
  return resource
}

/** The operations of some resources, to stand in a module's value as a getter. */
export function operationsOf(resources: readonly Resource[]): AnyOperation[] {
  return resources.flatMap((resource) => resource.operations)
}
