import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { idInput, versionInput } from '../../kernel/input.ts'
import { changeRow, outputOf, toOutput } from '../kit/index.ts'
import { profiles } from './profiles.ts'

/** The operations of this module that no resource makes; made when first asked for, as those are. */
export function linkedinOperations(): AnyOperation[] {
  const link = defineOperation({
    id: 'linkedin.link_profile',
    kind: 'command',
    access: 'user',
    summary: 'Says whose profile it is: a contact of the town, or nobody’s.',
    http: 'PATCH /v1/linkedin/profiles/{id}',
    input: z.strictObject({
      id: idInput,
      version: versionInput,
      contactId: idInput.nullable().describe('The contact; null for nobody.'),
    }),
    output: outputOf(profiles),
    run: async (ctx, { id, version, contactId }) => {
      const values = { contact_id: contactId }
      return toOutput(
        profiles,
        await changeRow(ctx, profiles, { id, version, values, privacy: undefined }),
      ) as never
    },
  })
  return [link]
}
