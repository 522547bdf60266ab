import { z } from 'zod'

import { defineOperation, type Ctx } from '../../db/operation.ts'
import { kernelErrors, type FieldProblem } from '../../kernel/errors.ts'
import { slugInput, textInput, timeInput } from '../../kernel/input.ts'
import { authorizeOwn, authorizeUnlimited, earliest, inTown, keyOutput, storeKey } from '../identity/index.ts'
import { listPersonalitySlugs } from '../persona/index.ts'

/** What a key can be limited to and is no operation. */
const STREAM = 'journal.events'

const operationScope = z
  .string()
  .regex(/^[a-z]+(\.[a-z_]+)*(\.\*)?$/, 'must be an operation id or module.*')
  .max(100)

// What keys can be limited to is known above identity; the name is the one that callers look for.
/** `identity.keys.create`. */
export const keysCreate = defineOperation({
  id: 'identity.keys.create',
  kind: 'command',
  access: 'user',
  summary:
    'Makes an API key for this town, or another of yours, that acts as you. The key is shown this once.',
  http: 'POST /v1/api-keys',
  status: 201,
  isSecret: true,
  input: z.strictObject({
    name: textInput(200).describe('What the key is for.'),
    town: slugInput
      .optional()
      .describe('The town it opens, slug or id, of those you belong to; this one when left out.'),
    operations: z
      .array(operationScope)
      .min(1)
      .max(200)
      .optional()
      .describe('Operation ids or module.*; all when left out.'),
    personalities: z
      .array(slugInput)
      .min(1)
      .max(200)
      .optional()
      .describe('Personality slugs; all when left out.'),
    expiresAt: timeInput
      .optional()
      .describe('When it stops working; never when left out, or with the key that makes it.'),
  }),
  output: keyOutput.extend({ key: z.string().describe('The key itself; it cannot be shown again.') }),
  run: async (ctx, input) => {
    // A key cannot make a key that reaches further than itself.
    authorizeUnlimited(ctx.actor)
    authorizeOwn(ctx.actor)
    refuse(unknownScopes(ctx, input.operations ?? []))
    const make = async (there: Ctx) => {
      refuse(await unknownPersonalities(there, input.personalities ?? []))
      return storeKey(there, {
        userId: there.actor.userId,
        name: input.name,
        operations: input.operations ?? null,
        personalities: input.personalities ?? null,
        expiresAt: earliest(input.expiresAt, ctx.actor.keyExpiresAt),
      })
    }
    return input.town === undefined ? make(ctx) : inTown(ctx, { town: input.town, needs: 'user' }, make)
  },
})

function refuse(fields: FieldProblem[]): void {
  if (fields.length > 0) throw kernelErrors.INVALID_INPUT({ fields })
}

function unknownScopes(ctx: Ctx, scopes: string[]): FieldProblem[] {
  const known = [...ctx.operationIds, STREAM]
  return scopes.flatMap((scope, index) =>
    known.some((id) => (scope.endsWith('.*') ? id.startsWith(scope.slice(0, -1)) : id === scope))
      ? []
      : [{ path: `operations.${index}`, message: 'is no operation, and no module.* of operations' }],
  )
}

async function unknownPersonalities(ctx: Ctx, slugs: string[]): Promise<FieldProblem[]> {
  const known = await listPersonalitySlugs(ctx.tx, ctx.town, slugs)
  return slugs.flatMap((slug, index) =>
    known.includes(slug)
      ? []
      : [{ path: `personalities.${index}`, message: 'is no personality of the town that you can see' }],
  )
}
