import type { Ctx } from '../../db/operation.ts'
import { returning } from '../identity/index.ts'
import { anyForeignAccount, openAccount, type AccessKind } from './access.queries.ts'
import { googleErrors } from './google.errors.ts'

/**
 * Whether the actor may keep rows of these accounts: their own, or accounts of nobody here. What is mirrored is private to
 * whoever keeps it, so that it is private to the account's person. Throws GOOGLE_ACCOUNT_FOREIGN.
 */
export async function authorizeMirroring(
  ctx: Ctx,
  rows: { google_user_id?: string | null }[],
): Promise<void> {
  const accountIds = [...new Set(rows.flatMap((row) => row.google_user_id ?? []))]
  const { town, actor } = ctx
  if (await anyForeignAccount(ctx.tx, { town, accountIds, userId: actor.userId })) {
    throw googleErrors.GOOGLE_ACCOUNT_FOREIGN()
  }
}

/**
 * Runs `work`, which reads things of that kind of that account and of nothing else, with the sight of the account's person.
 * Throws GOOGLE_ACCESS_DENIED where no rule opens them to the actor.
 */
export function inAccount<T>(
  ctx: Ctx,
  { accountId, kind }: { accountId: string; kind: AccessKind },
  work: () => Promise<T>,
): Promise<T> {
  return returning(ctx.tx, async () => {
    if (!(await openAccount(ctx.tx, { accountId, kind, at: ctx.clock.now() }))) {
      throw googleErrors.GOOGLE_ACCESS_DENIED({ data: { id: accountId } })
    }
    return work()
  })
}
