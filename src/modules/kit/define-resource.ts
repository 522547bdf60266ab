import type { AnyOperation } from '../../db/operation.ts'
import { rememberPart } from './parts.ts'
import { makeOperations } from './resource.operations.ts'
import type { Resource, ResourceDefinition, ResourceTable } from './resource.ts'

/** Declares a kind of thing that people keep, with every operation on it. */
export function defineResource<T extends ResourceTable>(definition: ResourceDefinition<T>): Resource {
  const { computed, derived, filters, sorts, range, parent, people, formats, indexed, check, onChange } =
    definition
  let operations: readonly AnyOperation[] | null = null
  const resource = {
    ...definition,
    computed: computed ?? [],
    derived: derived ?? {},
    filters: filters ?? [],
    sorts: sorts ?? [],
    range: range ?? null,
    parent: parent ?? null,
    people: people ?? [],
    formats: formats ?? {},
    indexed: indexed ?? null,
    check: check ?? (() => Promise.resolve()),
    onChange: onChange ?? null,
    get operations() {
      return (operations ??= makeOperations(resource))
    },
  } as unknown as Resource
  rememberPart(resource)
  return resource
}

/** The operations of some resources, to stand in a module's value as a getter. */
export function operationsOf(resources: readonly Resource[]): AnyOperation[] {
  return resources.flatMap((resource) => resource.operations)
}
