import { wholeTables } from '../protection.ts'
import type { PolicyState } from '../simulate/state.ts'
import { at, listed, tableRef, type Rule } from './rule.ts'

const COMMANDS = ['select', 'insert', 'update', 'delete'] as const

/** Two permissive policies on one command: rows that either lets through are seen. */
export const permissivePoliciesWiden: Rule = {
  id: 'permissive-policies-widen',
  severity: 'warning',
  confidence: 'guessed',
  summary: 'Permissive policies of one table are joined by OR.',
  why: 'Each further one lets more rows through, also where it was meant to narrow.',
  fix: 'Write them as one policy with "and", or make those that should narrow "as restrictive".',
  phase: 'policies',
  action: (what) => `Make policies of ${what('table')} restrictive, or join them`,
  check: (estate) =>
    wholeTables(estate).flatMap(({ table, policies }) => {
      const widening = COMMANDS.map((command) => [command, sharing(policies, command)] as const).filter(
        ([, same]) => same.length > 1,
      )
      if (widening.length === 0) return []
      const all = [...new Set(widening.flatMap(([, same]) => same))]
      return {
        object: tableRef(table),
        places: all.map(({ place }) => place),
        message: `${listed(all.map(({ name }) => name))} are joined with "or" on ${table.name}, for ${listed(widening.map(([command]) => command))}.`,
        details: all.map(
          (policy) => `${policy.name} (${at(policy.place)}): ${policy.using ?? policy.check ?? 'true'}`,
        ),
      }
    }),
}

/** Permissive policies on a command that hold for a role in common. */
function sharing(policies: PolicyState[], command: (typeof COMMANDS)[number]): PolicyState[] {
  const on = policies.filter((policy) => policy.isPermissive && [command, 'all'].includes(policy.command))
  return on.filter((policy) =>
    on.some((other) => other !== policy && other.name !== policy.name && isShared(policy, other)),
  )
}

function isShared(one: PolicyState, other: PolicyState): boolean {
  const isEverybody = [one, other].some(({ roles }) => roles.length === 0 || roles.includes('public'))
  return isEverybody || one.roles.some((role) => other.roles.includes(role))
}
