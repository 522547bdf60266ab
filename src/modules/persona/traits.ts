import type { Selectable } from 'kysely'
import { z } from 'zod'

import type { Personalities } from '../../db/schema.gen.ts'
import { jsonInput, textInput } from '../../kernel/input.ts'

const settingsInput = jsonInput(20_000).nullable().optional()

/** What else is known of a personality; what is left out stays, null takes away. */
export const traitsInput = z
  .strictObject({
    role: textInput(200).nullable().optional().describe('What it is for, in a few words.'),
    interactionStyle: textInput(200).nullable().optional().describe('How it deals with people.'),
    voiceSettings: settingsInput.describe('How it sounds where it speaks.'),
    behavioralTraits: settingsInput.describe('What it tends to do, by trait.'),
    emotionalRange: settingsInput.describe('Which emotions it shows, and how strongly.'),
    knowledgeDomains: z.array(textInput(200)).max(50).optional().describe('What it knows about.'),
    toolPermissions: z
      .array(textInput(200))
      .max(100)
      .optional()
      .describe('Names of the tools that it may use.'),
    metadata: settingsInput.describe('What else is to be kept of it.'),
  })
  .describe('What else is known of it, as of a mentor.')

type TraitColumns = {
  role?: string | null
  interaction_style?: string | null
  voice_settings?: string | null
  behavioral_traits?: string | null
  emotional_range?: string | null
  knowledge_domains?: string[]
  tool_permissions?: string[]
  metadata?: string | null
}

export type Traits = z.output<typeof traitsInput>

const settingsOutput = z.unknown()

export const traitsOutput = z.object({
  role: z.string().nullable(),
  interactionStyle: z.string().nullable(),
  voiceSettings: settingsOutput,
  behavioralTraits: settingsOutput,
  emotionalRange: settingsOutput,
  knowledgeDomains: z.array(z.string()),
  toolPermissions: z.array(z.string()),
  metadata: settingsOutput,
})

/** The traits of a row, as callers see them. */
export function toTraits(row: Selectable<Personalities>): z.input<typeof traitsOutput> {
  return {
    role: row.role,
    interactionStyle: row.interaction_style,
    voiceSettings: row.voice_settings,
    behavioralTraits: row.behavioral_traits,
    emotionalRange: row.emotional_range,
    knowledgeDomains: row.knowledge_domains,
    toolPermissions: row.tool_permissions,
    metadata: row.metadata,
  }
}

/** Traits in the columns of their table: those that are given. */
export function toTraitColumns(traits: Traits): TraitColumns {
  const json = (value: unknown) => (value === null ? null : JSON.stringify(value))
  return {
    ...(traits.role === undefined ? {} : { role: traits.role }),
    ...(traits.interactionStyle === undefined ? {} : { interaction_style: traits.interactionStyle }),
    ...(traits.voiceSettings === undefined ? {} : { voice_settings: json(traits.voiceSettings) }),
    ...(traits.behavioralTraits === undefined ? {} : { behavioral_traits: json(traits.behavioralTraits) }),
    ...(traits.emotionalRange === undefined ? {} : { emotional_range: json(traits.emotionalRange) }),
    ...(traits.knowledgeDomains === undefined ? {} : { knowledge_domains: traits.knowledgeDomains }),
    ...(traits.toolPermissions === undefined ? {} : { tool_permissions: traits.toolPermissions }),
    ...(traits.metadata === undefined ? {} : { metadata: json(traits.metadata) }),
  }
}
