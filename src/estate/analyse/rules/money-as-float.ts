import { listed, tableRef, type Rule } from './rule.ts'

const MONEY =
  /(^|_)(amount|price|cost|costs|balance|salary|revenue|fee|fees|paid|payment|budget|usd|eur|gbp|mrr|arr|tax|subtotal|invoice|refund|discount_amount|total_value|deal_value|unit_price|spend|spent|wage|income)(_|$)/
const NO_MONEY =
  /(^|_)(rate|ratio|percent|pct|percentage|score|count|weight|confidence|probability|seconds|minutes|hours|factor|tokens)(_|$)/

/** Sums in binary floating point: cents go missing. */
export const moneyAsFloat: Rule = {
  id: 'money-as-float',
  severity: 'warning',
  confidence: 'guessed',
  summary: 'Money is kept as a floating-point number.',
  why: 'Sums are off by cents.',
  fix: 'Use "numeric(12,2)" or whole cents in a "bigint", with the currency beside it.',
  phase: 'types',
  action: (what) => `Use numeric for money in ${what('table')}`,
  check: ({ variants }) =>
    [...variants.values()].flatMap((all) => {
      const columns = all.flatMap(({ table }) =>
        [...table.columns.values()].filter(
          ({ name, type }) =>
            /^(real|double precision)$/.test(type) && MONEY.test(name) && !NO_MONEY.test(name),
        ),
      )
      if (columns.length === 0) return []
      const names = [...new Set(columns.map(({ name, type }) => `${name} (${type})`))]
      return {
        object: tableRef(all[0]!.table),
        places: columns.map(({ place }) => place),
        message: `${listed(names)} of ${all[0]!.table.name} ${names.length === 1 ? 'holds' : 'hold'} money.`,
      }
    }),
}
