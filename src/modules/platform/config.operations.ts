import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { decodeCursor, toPage } from '../../kernel/cursor.ts'
import { pageInput, pageOutput, textInput, timeOutput } from '../../kernel/input.ts'
import { findSettingRow, listSettingChanges, listSettingRows } from './config.queries.ts'
import { resetSetting, setSetting, toSetting } from './config.service.ts'
import { platformErrors } from './platform.errors.ts'
import { findShipped, SETTING_TYPES, settingValues, shippedSettings } from './shipped-settings.ts'

const keyInput = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_.:-]*$/, 'must be letters, digits and . _ : -')
  .max(255)
  .describe('Name of the setting, as in health.keep_days.')

// Text with commas would be read as a list on the command line, were a list among these.
const valueInput = z
  .union([settingValues.text as z.ZodString, z.number(), z.boolean(), z.record(z.string(), z.unknown())])
  .describe('The value, of the type that the setting has.')

const settingOutput = z.object({
  key: z.string(),
  category: z.string(),
  type: z.enum(SETTING_TYPES),
  value: z.unknown().describe('Null of a sensitive setting: it is never shown.'),
  default: z.unknown().describe('What is shipped; null of a setting of your own.'),
  isDefault: z.boolean(),
  isSensitive: z.boolean(),
  description: z.string().nullable(),
  updatedBy: z.uuid().nullable(),
  updatedAt: timeOutput.nullable(),
})

const list = defineOperation({
  id: 'platform.config.list',
  kind: 'query',
  access: 'user',
  summary: 'Lists the settings of this town by name: what it has chosen, and elsewhere the default.',
  http: 'GET /v1/config',
  input: z.strictObject({ category: textInput(100).optional().describe('Only this category.') }),
  output: z.object({ items: z.array(settingOutput), nextCursor: z.null() }),
  run: async (ctx, { category }) => {
    const rows = await listSettingRows(ctx.tx, ctx.town)
    const chosen = new Set(rows.map((row) => row.key))
    const settings = [
      ...rows.map((row) => toSetting(row, findShipped(row.key))),
      ...shippedSettings
        .filter((shipped) => !chosen.has(shipped.key))
        .map((shipped) => toSetting(undefined, shipped)),
    ]
    const items = settings
      .filter((setting) => category === undefined || setting.category === category)
      .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    return { items, nextCursor: null }
  },
})

const get = defineOperation({
  id: 'platform.config.get',
  kind: 'query',
  access: 'user',
  summary: 'Shows a setting of this town; never the value of a sensitive one.',
  http: 'GET /v1/config/{key}',
  input: z.strictObject({ key: keyInput }),
  output: settingOutput,
  run: async (ctx, { key }) => {
    const row = await findSettingRow(ctx.tx, ctx.town, key)
    const shipped = findShipped(key)
    if (!row && !shipped) throw platformErrors.SETTING_NOT_FOUND({ data: { key } })
    return toSetting(row, shipped)
  },
})

const set = defineOperation({
  id: 'platform.config.set',
  kind: 'command',
  access: 'admin',
  summary: 'Chooses the value of a setting, or keeps one of your own; its type is that of its first value.',
  http: 'PATCH /v1/config/{key}',
  // A kept answer would show a value that became sensitive afterwards; and doing it twice is fine.
  isSecret: true,
  input: z.strictObject({
    key: keyInput,
    value: valueInput,
    category: textInput(100).optional().describe('Of a setting of your own; the first word of its name.'),
    description: textInput(2_000).optional().describe('Of a setting of your own.'),
    isSensitive: z
      .boolean()
      .optional()
      .describe('Of a setting of your own: encrypted, and shown to nobody from here on.'),
  }),
  output: settingOutput,
  run: (ctx, { key, value, category, description, isSensitive }) =>
    setSetting(ctx, key, { value, category, description, isSensitive }),
})

const reset = defineOperation({
  id: 'platform.config.reset',
  kind: 'command',
  access: 'admin',
  summary: 'Brings a setting back to its default; one of your own is removed.',
  http: 'DELETE /v1/config/{key}',
  input: z.strictObject({ key: keyInput }),
  output: z.object({
    key: z.string(),
    setting: settingOutput.nullable().describe('Null when it is removed.'),
  }),
  run: async (ctx, { key }) => ({ key, setting: await resetSetting(ctx, key) }),
})

const history = defineOperation({
  id: 'platform.config.history',
  kind: 'query',
  access: 'user',
  summary: 'Lists the changes of settings, newest first; without the values of sensitive ones.',
  http: 'GET /v1/config-history',
  input: z.strictObject({ key: keyInput.optional(), ...pageInput }),
  output: pageOutput(
    z.object({
      id: z.uuid(),
      key: z.string(),
      action: z.enum(['set', 'reset']),
      oldValue: z.unknown(),
      newValue: z.unknown(),
      isSensitive: z.boolean(),
      changedBy: z.uuid(),
      at: timeOutput,
    }),
  ),
  run: async (ctx, { key, cursor, limit }) => {
    const rows = await listSettingChanges(ctx.tx, ctx.town, { key, after: decodeCursor(cursor), limit })
    return toPage(rows, limit, {
      item: (row) => ({
        id: row.id,
        key: row.key,
        action: row.action,
        oldValue: row.old_value,
        newValue: row.new_value,
        isSensitive: row.is_sensitive,
        changedBy: row.created_by,
        at: row.at,
      }),
      keyset: (row) => ({ value: row.at_key, id: row.id }),
    })
  },
})

export const configOperations: readonly AnyOperation[] = [list, get, set, reset, history]
