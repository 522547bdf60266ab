import type { Ctx } from '../../db/operation.ts'
import { newId } from '../../kernel/ids.ts'
import { erase, record } from '../journal/index.ts'
import {
  deleteSettingRow,
  findSettingRow,
  hideSettingHistory,
  insertSettingChange,
  listSettingIds,
  lockSettingRow,
  saveSettingRow,
  type SettingRow,
} from './config.queries.ts'
import { platformErrors } from './platform.errors.ts'
import { openSealed } from './secrets.service.ts'
import {
  findShipped,
  settingValues,
  type SettingType,
  type ShippedKey,
  type ShippedSetting,
} from './shipped-settings.ts'

/** A setting as it is in a town: what it has chosen, or what is shipped. */
export type Setting = {
  key: string
  category: string
  type: SettingType
  /** Null of a sensitive setting, whatever it is. */
  value: unknown
  default: unknown
  isDefault: boolean
  isSensitive: boolean
  description: string | null
  updatedBy: string | null
  updatedAt: Date | null
}

/** One of the two is there. */
export function toSetting(row: SettingRow | undefined, shipped: ShippedSetting | undefined): Setting {
  const isSensitive = row?.is_sensitive ?? false
  const value = row ? row.value : shipped!.default
  return {
    key: (row?.key ?? shipped?.key)!,
    category: (row?.category ?? shipped?.category)!,
    type: (row?.value_type as SettingType | undefined) ?? shipped!.type,
    value: isSensitive ? null : value,
    default: shipped?.default ?? null,
    isDefault: row === undefined,
    isSensitive,
    description: shipped?.description ?? row?.description ?? null,
    updatedBy: row?.updated_by ?? null,
    updatedAt: row?.updated_at ?? null,
  }
}

const aboutOf = (town: string, key: string) => JSON.stringify(['setting', town, key])

/** The value of a setting that the product knows, as the town has it. For code alone: guests see the defaults. */
export async function readSetting(ctx: Ctx, key: ShippedKey): Promise<unknown> {
  const row = await findSettingRow(ctx.tx, ctx.town, key)
  return row ? row.value : findShipped(key)!.default
}

/** The value of a town's own setting, sensitive ones too; undefined where there is none. Never for an answer. */
export async function readOwnSetting(ctx: Ctx, key: string): Promise<unknown> {
  const row = await findSettingRow(ctx.tx, ctx.town, key)
  if (!row?.is_sensitive) return row?.value
  return JSON.parse(openSealed(ctx, row.value as string, aboutOf(ctx.town, key)))
}

export type SettingChange = {
  value: unknown
  category: string | undefined
  description: string | undefined
  isSensitive: boolean | undefined
}

/** Chooses a value. A setting's type is that of its first value. Throws SETTING_TYPE, SETTING_IS_SHIPPED. */
export async function setSetting(ctx: Ctx, key: string, change: SettingChange): Promise<Setting> {
  const shipped = findShipped(key)
  const { value, category, description } = change
  if (shipped && (category ?? description ?? change.isSensitive) !== undefined) {
    throw platformErrors.SETTING_IS_SHIPPED({ data: { key } })
  }
  const before = await lockSettingRow(ctx.tx, ctx.town, key)
  const type = shipped?.type ?? (before?.value_type as SettingType | undefined) ?? typeOf(value)
  refuseUnfit(shipped, type, value)
  // What was hidden once stays so: showing its old values is nothing that a setting's change should do.
  const isSensitive = (change.isSensitive ?? false) || (before?.is_sensitive ?? false)
  const sealed = isSensitive ? ctx.vault.seal(JSON.stringify(value), aboutOf(ctx.town, key)) : null
  const now = ctx.clock.now()
  await saveSettingRow(ctx.tx, {
    town_id: ctx.town,
    id: before?.id ?? newId(),
    key,
    category: shipped?.category ?? category ?? before?.category ?? categoryOf(key),
    value_type: type,
    value: JSON.stringify(sealed ?? value),
    description: shipped ? null : (description ?? before?.description ?? null),
    is_sensitive: isSensitive,
    updated_by: ctx.actor.userId,
    version: (before?.version ?? 0) + 1,
    privacy: 'team',
    created_by: before?.created_by ?? ctx.actor.userId,
    created_at: before?.created_at ?? now,
    updated_at: now,
  })
  const after = (await findSettingRow(ctx.tx, ctx.town, key))!
  if (isSensitive && !before?.is_sensitive) await hideValues(ctx, key)
  await keepChange(ctx, { action: 'set', before, after, shipped })
  return toSetting(after, shipped)
}

/** Nothing that was kept of the setting shows its values from here on, also those it had before a reset. */
async function hideValues(ctx: Ctx, key: string): Promise<void> {
  await hideSettingHistory(ctx.tx, ctx.town, key)
  await erase(ctx.tx, await listSettingIds(ctx.tx, ctx.town, key))
}

/** Goes back to the default; a setting of the town's own is gone. Throws SETTING_NOT_FOUND. */
export async function resetSetting(ctx: Ctx, key: string): Promise<Setting | null> {
  const shipped = findShipped(key)
  const before = await lockSettingRow(ctx.tx, ctx.town, key)
  if (before) {
    await deleteSettingRow(ctx.tx, ctx.town, key)
    await keepChange(ctx, { action: 'reset', before, after: undefined, shipped })
  }
  if (!before && !shipped) throw platformErrors.SETTING_NOT_FOUND({ data: { key } })
  return shipped ? toSetting(undefined, shipped) : null
}

type Kept = {
  action: 'set' | 'reset'
  before: SettingRow | undefined
  after: SettingRow | undefined
  shipped: ShippedSetting | undefined
}

async function keepChange(ctx: Ctx, { action, before, after, shipped }: Kept): Promise<void> {
  const { key, id } = (after ?? before)!
  const isSensitive = (before?.is_sensitive ?? false) || (after?.is_sensitive ?? false)
  const shown = (row: SettingRow | undefined) =>
    isSensitive || (!row && !shipped) ? null : row ? row.value : shipped!.default
  const json = (row: SettingRow | undefined) => (row && !isSensitive ? JSON.stringify(row.value) : null)
  await insertSettingChange(ctx.tx, {
    town_id: ctx.town,
    id: newId(),
    key,
    action,
    old_value: json(before),
    new_value: json(after),
    is_sensitive: isSensitive,
    at: ctx.clock.now(),
    privacy: 'team',
    created_by: ctx.actor.userId,
  })
  await record(ctx, {
    kind: action === 'set' ? 'setting.updated' : 'setting.reset',
    entityKind: 'setting',
    entityId: id,
    privacy: 'team',
    payload: { key },
    before: { key, value: shown(before), isSensitive },
    after: { key, value: shown(after), isSensitive },
  })
}

function typeOf(value: unknown): SettingType {
  if (typeof value === 'string') return 'text'
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return Number.isSafeInteger(value) ? 'integer' : 'number'
  return 'json'
}

function refuseUnfit(shipped: ShippedSetting | undefined, type: SettingType, value: unknown): void {
  const checked = (shipped?.accepts ?? settingValues[type]).safeParse(value)
  if (checked.success) return
  const [issue] = checked.error.issues
  throw platformErrors.SETTING_TYPE({
    data: { type },
    fields: [{ path: 'value', message: `must be of the type ${type}: ${issue!.message}` }],
  })
}

/** `mail` of `mail.signature`. */
function categoryOf(key: string): string {
  return key.includes('.') ? key.slice(0, key.indexOf('.')).slice(0, 100) || 'general' : 'general'
}
