import type { z } from 'zod'

import type { Context } from '../kernel/context.ts'
import type { InputSchema, Operation, SingleStep, StepsOf } from '../kernel/operation.ts'
import type { Tx } from './tx.ts'

/** The context of an operation, on our database. */
export type Ctx = Context<Tx>

export type AnyOperation = Operation<Tx>

/** Defines an operation that is one transaction; every door is derived from the value. */
export function defineOperation<In extends InputSchema, Out extends z.ZodType, First = never>(
  definition: SingleStep<Tx, In, Out, First>,
): AnyOperation {
  return definition as unknown as AnyOperation
}

/** Defines an operation with a network call between two transactions. */
export function defineSteps<In extends InputSchema, Out extends z.ZodType, Prepared, Outcome>(
  definition: StepsOf<Tx, In, Out, Prepared, Outcome>,
): AnyOperation {
  return definition as unknown as AnyOperation
}
