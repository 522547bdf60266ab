import type { Estate } from '../estate.ts'
import { SEVERITIES, type Finding } from '../finding.ts'
import { clusterStatement } from './cluster-statement.ts'
import { competingDefinition } from './competing-definition.ts'
import { cyclicOrder } from './cyclic-order.ts'
import { drifted } from './drifted.ts'
import { duplicateMigrationNumber } from './duplicate-migration-number.ts'
import { homonym } from './homonym.ts'
import { identicalCopy } from './identical-copy.ts'
import { immutableReadsSettings } from './immutable-reads-settings.ts'
import { invalidStatement } from './invalid-statement.ts'
import { liveOnly } from './live-only.ts'
import { missingIndexOnForeignKey } from './missing-index-on-foreign-key.ts'
import { moneyAsFloat } from './money-as-float.ts'
import { neverDeployed } from './never-deployed.ts'
import { noMigrationTracking } from './no-migration-tracking.ts'
import { overlappingTables } from './overlapping-tables.ts'
import { permissivePoliciesWiden } from './permissive-policies-widen.ts'
import { rlsBypassedByOwner } from './rls-bypassed-by-owner.ts'
import { rlsWithoutPolicy } from './rls-without-policy.ts'
import { findingsOf, type Rule } from './rule.ts'
import { secretInSql } from './secret-in-sql.ts'
import { serviceExpectsMissingColumn } from './service-expects-missing-column.ts'
import { serviceExpectsMissingConstraint } from './service-expects-missing-constraint.ts'
import { serviceFitsOnlyOneDefinition } from './service-fits-only-one-definition.ts'
import { silentSkip } from './silent-skip.ts'
import { supersededVersion } from './superseded-version.ts'
import { timestampZoneMixed } from './timestamp-zone-mixed.ts'
import { unimplementableKey } from './unimplementable-key.ts'
import { unresolvedReference } from './unresolved-reference.ts'
import { vectorDimensionMismatch } from './vector-dimension-mismatch.ts'
import { vectorIndexOnEmptyTable } from './vector-index-on-empty-table.ts'
import { wrongOrder } from './wrong-order.ts'

/** Every rule. Those of one phase stand in the order in which the plan deals with them. */
export const RULES: readonly Rule[] = [
  secretInSql,
  competingDefinition,
  unimplementableKey,
  unresolvedReference,
  invalidStatement,
  drifted,
  silentSkip,
  cyclicOrder,
  wrongOrder,
  duplicateMigrationNumber,
  noMigrationTracking,
  serviceExpectsMissingColumn,
  serviceExpectsMissingConstraint,
  serviceFitsOnlyOneDefinition,
  permissivePoliciesWiden,
  rlsWithoutPolicy,
  rlsBypassedByOwner,
  immutableReadsSettings,
  vectorDimensionMismatch,
  timestampZoneMixed,
  moneyAsFloat,
  missingIndexOnForeignKey,
  vectorIndexOnEmptyTable,
  clusterStatement,
  neverDeployed,
  liveOnly,
  overlappingTables,
  supersededVersion,
  identicalCopy,
  homonym,
]

/** The rule of a name. Throws where there is none, which no finding says. */
export function getRule(id: string): Rule {
  const rule = RULES.find((one) => one.id === id)
  if (!rule) throw new Error(`No rule is called ${id}.`)
  return rule
}

/** What all rules find, the worst first, in the same order on every machine. */
export function judge(estate: Estate): Finding[] {
  const findings = RULES.flatMap((rule) => findingsOf(rule, estate))
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity))
}
