import { sql } from 'kysely'
import { z } from 'zod'

import { defineOperation, type AnyOperation, type Ctx } from '../../db/operation.ts'
import { idInput, textInput } from '../../kernel/input.ts'
import { changeRow, createRow, getRow, outputOf, toOutput } from '../kit/index.ts'
import { widgets, widgetUsage } from './widgets.ts'

/** Operations on widgets beyond keeping them; made when asked for, as the kit's are. */
export function makeWidgetOperations(): AnyOperation[] {
  const use = defineOperation({
    id: 'platform.widgets.use',
    kind: 'command',
    access: 'user',
    summary: 'Counts that a site used a widget.',
    http: 'POST /v1/widgets/{id}/use',
    input: z.strictObject({
      id: idInput,
      siteName: textInput(50).describe('The site.'),
      count: z.int().min(1).max(1_000_000).default(1).describe('How often it used it.'),
    }),
    output: outputOf(widgetUsage),
    run: async (ctx, { id, siteName, count }) => {
      await getRow(ctx, widgets, id)
      const standing = await lockUsage(ctx, { widget: id, siteName })
      const values = {
        usage_count: (standing?.usage_count ?? 0) + count,
        last_used_at: ctx.clock.now().toISOString(),
      }
      const privacy = undefined
      const row = standing
        ? await changeRow(ctx, widgetUsage, { id: standing.id, version: undefined, values, privacy })
        : await createRow(ctx, widgetUsage, {
            values: { ...values, widget_id: id, site_name: siteName },
            privacy,
          })
      return toOutput(widgetUsage, row) as never
    },
  })
  return [use]
}

/** The widget is locked as well: two first uses by one site would both find none to count on. */
async function lockUsage(ctx: Ctx, { widget, siteName }: { widget: string; siteName: string }) {
  await sql`
    select id from widgets where town_id = ${ctx.town} and id = ${widget} for no key update`.execute(ctx.tx)
  const { rows } = await sql<{ id: string; usage_count: number }>`
    select id, usage_count from widget_usage
    where town_id = ${ctx.town} and widget_id = ${widget} and site_name = ${siteName} for update`.execute(
    ctx.tx,
  )
  return rows[0]
}
