import type { Estate } from '../estate.ts'
import { relateVariants } from '../kinship.ts'
import { isFit, type Fit, type Resolved } from '../services/resolve.ts'
import { targetText } from '../services/unique-keys.ts'
import { at, listed, tableRef, type Found, type Rule } from './rule.ts'
import { filesOf, servicesByTable } from './service-places.ts'

/** Definitions compete, and a service works with some of them only. */
export const serviceFitsOnlyOneDefinition: Rule = {
  id: 'service-fits-only-one-definition',
  severity: 'warning',
  confidence: 'read',
  summary: 'A statement of a service works with one of several definitions only.',
  why: 'It works or fails depending on which definition the database got.',
  fix: 'Keep the definition that the services need, or bring what they need into the one you keep.',
  phase: 'services',
  action: (what) => `Check the services that use ${what('table')} against the definition you keep`,
  check: (estate: Estate) =>
    servicesByTable(estate).flatMap((uses) => {
      const torn = uses.filter(isTorn)
      return torn.length === 0 ? [] : [foundOf(torn)]
    }),
}

/**
 * It fits some and breaks on others, or breaks on each for what another has. What is missing everywhere is for another rule. A definition that never takes effect breaks nothing, and neither does an
 * older state of what fits.
 */
function isTorn({ fits, nowhere }: Resolved): boolean {
  if (!isFit(nowhere)) return false
  const bad = fits.filter(isBroken)
  const good = fits.filter(isFit)
  return (good.length === 0 ? bad : good).some(({ variant: one }) =>
    bad.some(({ variant: other }) => relateVariants(one, other) === 'competing'),
  )
}

const isBroken = (fit: Fit): boolean => !isFit(fit) && !fit.variant.isSkipped

function foundOf(torn: Resolved[]): Found {
  const { table, fits } = torn[0]!
  const places = torn.map(({ statement: { file, line } }) => ({ file, line }))
  return {
    object: tableRef(table),
    places: [...places, ...fits.map(({ variant }) => variant.table.place)],
    message: `${torn.length === 1 ? '1 statement of a service does' : `${torn.length} statements of services do`} not fit each of the ${fits.length} definitions of ${table.name}: ${filesOf(places)}.`,
    details: torn.map(lineOf),
  }
}

function lineOf({ statement, fits }: Resolved): string {
  const good = fits.filter(isFit).map(({ variant }) => at(variant.table.place))
  const bad = fits
    .filter(isBroken)
    .map((fit) => `breaks on ${at(fit.variant.table.place)} for ${lackText(fit)}`)
  return [`${at(statement)} fits ${good.length === 0 ? 'none' : listed(good)}`, ...bad].join('; ')
}

function lackText({ columns, targets }: Fit): string {
  const names = columns.map(({ name }) => name)
  const lacking =
    columns.length === 0 ? [] : [`${columns.length === 1 ? 'column' : 'columns'} ${listed(names)}`]
  return listed([...lacking, ...targets.map(targetText)])
}
