import { z } from 'zod'

import { jsonInput, textInput } from '../../kernel/input.ts'

export const SETTING_TYPES = ['text', 'integer', 'number', 'boolean', 'json'] as const
export type SettingType = (typeof SETTING_TYPES)[number]

const MOST_JSON_BYTES = 65_536

/** What values of each type may be. */
export const settingValues: Record<SettingType, z.ZodType> = {
  text: textInput(20_000),
  integer: z.int(),
  number: z.number(),
  boolean: z.boolean(),
  json: z
    .union([z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .refine(
      (value) => jsonInput(MOST_JSON_BYTES).safeParse({ value }).success,
      'must be at most 64 KiB of JSON',
    ),
}

/** A setting that the product knows, with the value it has where a town has chosen none. */
export type ShippedSetting = {
  key: string
  category: string
  type: SettingType
  default: unknown
  description: string
  /** Stricter than the type. */
  accepts: z.ZodType
}

/** Every setting that the product reads. */
export const shippedSettings = [
  {
    key: 'health.keep_days',
    category: 'health',
    type: 'integer',
    default: 90,
    description: 'How long probes of services are kept, days, 1-3650.',
    accepts: z.int().min(1).max(3650),
  },
  {
    key: 'secrets.warn_days',
    category: 'secrets',
    type: 'integer',
    default: 14,
    description: 'How long before its end a secret is called expiring, days, 0-365.',
    accepts: z.int().min(0).max(365),
  },
  {
    key: 'sharing.expiry_days',
    category: 'sharing',
    type: 'integer',
    default: 365,
    description: 'How long a thing is shared with another town where nobody says, days, 1-3650.',
    accepts: z.int().min(1).max(3650),
  },
] as const satisfies readonly ShippedSetting[]

export type ShippedKey = (typeof shippedSettings)[number]['key']

/** The shipped setting of that name, or undefined for one of a town's own. */
export function findShipped(key: string): ShippedSetting | undefined {
  return shippedSettings.find((setting) => setting.key === key)
}
