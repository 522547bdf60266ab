import type { Fact } from './facts.ts'

/** What to do with facts of some kinds. */
export type FactHandlers<Result> = {
  [Kind in Fact['fact']]?: (fact: Extract<Fact, { fact: Kind }>) => Result
}

/** What the handler of a fact's kind answers; undefined for kinds that have none. */
export function handleFact<Result>(handlers: FactHandlers<Result>, fact: Fact): Result | undefined {
  const handler = handlers[fact.fact] as ((fact: Fact) => Result) | undefined
  return handler?.(fact)
}
