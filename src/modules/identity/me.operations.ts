import { z } from 'zod'

import { defineOperation, type AnyOperation } from '../../db/operation.ts'
import { violates } from '../../db/sql-error.ts'
import { emailInput, jsonInput, textInput, timeZoneInput } from '../../kernel/input.ts'
import { kernelErrors } from '../../kernel/errors.ts'
import { record } from '../journal/index.ts'
import { identityErrors } from './identity.errors.ts'
import { getProfile, updateMe, type ProfileRow } from './members.queries.ts'
import { authorizeOwn } from './sign-in.service.ts'

const timeOfDay = z.iso.time({ precision: 0 }).nullable().optional()
const profileOutput = z.object({
  userId: z.uuid(),
  name: z.string(),
  email: z.string(),
  username: z.string().nullable(),
  firstName: z.string().nullable(),
  lastName: z.string().nullable(),
  jobTitle: z.string().nullable(),
  phone: z.string().nullable(),
  avatarUrl: z.string().nullable(),
  linkedinUrl: z.string().nullable(),
  bio: z.string().nullable(),
  isVip: z.boolean(),
  timeZone: z.string(),
  quietFrom: z.string().nullable(),
  quietTo: z.string().nullable(),
  preferences: z.unknown(),
})

function toProfile(row: ProfileRow): z.input<typeof profileOutput> {
  return {
    userId: row.id,
    name: row.name,
    email: row.email,
    username: row.username,
    firstName: row.first_name,
    lastName: row.last_name,
    jobTitle: row.job_title,
    phone: row.phone,
    avatarUrl: row.image,
    linkedinUrl: row.linkedin_url,
    bio: row.bio,
    isVip: row.is_vip,
    timeZone: row.time_zone,
    quietFrom: row.quiet_from,
    quietTo: row.quiet_to,
    preferences: row.preferences,
  }
}

const me = defineOperation({
  id: 'identity.me',
  kind: 'query',
  access: 'readonly',
  summary: 'Shows your own profile.',
  http: 'GET /v1/me',
  input: z.strictObject({}),
  output: profileOutput,
  run: async ({ tx, actor }) => toProfile(await getProfile(tx, actor.userId)),
})

const profileInput = z.strictObject({
  name: textInput(200).optional(),
  email: emailInput.optional().describe('Address by which you are found; nothing is sent there.'),
  username: textInput(50)
    .nullable()
    .optional()
    .describe('Short name that other programs know you by; no two people have the same.'),
  firstName: textInput(100).nullable().optional(),
  lastName: textInput(100).nullable().optional(),
  jobTitle: textInput(200).nullable().optional(),
  phone: textInput(50).nullable().optional(),
  avatarUrl: textInput(2_000).nullable().optional().describe('Address of a picture.'),
  linkedinUrl: textInput(2_000).nullable().optional(),
  bio: textInput(5_000).nullable().optional(),
  isVip: z.boolean().optional().describe('Whether attention ranking treats you as very important.'),
  timeZone: timeZoneInput.optional().describe('IANA zone, as in Europe/Berlin.'),
  quietFrom: timeOfDay.describe('Start of your quiet hours in your zone, as in 22:00:00.'),
  quietTo: timeOfDay.describe('End of them; before the start it is the next day.'),
  preferences: jsonInput(20_000).optional().describe('Your own settings, by interface.'),
})

const update = defineOperation({
  id: 'identity.me.update',
  kind: 'command',
  access: 'user',
  summary: 'Changes your profile in every town; your messages are signed with the name.',
  http: 'PATCH /v1/me',
  input: profileInput,
  output: profileOutput,
  run: async (ctx, input) => {
    // It holds in every town of theirs.
    authorizeOwn(ctx.actor)
    const before = toProfile(await getProfile(ctx.tx, ctx.actor.userId))
    const given = Object.entries(input).filter(([, value]) => value !== undefined)
    const wanted = { ...before, ...Object.fromEntries(given) }
    if (JSON.stringify(wanted) === JSON.stringify(before)) return before
    await guarded(() => updateMe(ctx.tx, toColumns(input), ctx.clock.now()))
    const after = toProfile(await getProfile(ctx.tx, ctx.actor.userId))
    const changed = given.map(([name]) => name as keyof typeof before)
    await record(ctx, {
      kind: 'person.updated',
      entityKind: 'person',
      entityId: ctx.actor.userId,
      privacy: 'team',
      before: Object.fromEntries(changed.map((name) => [name, before[name]])),
      after: Object.fromEntries(changed.map((name) => [name, after[name]])),
    })
    return after
  },
})

async function guarded(write: () => Promise<void>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (violates(error, 'users_username_idx')) throw identityErrors.USERNAME_TAKEN()
    if (violates(error, 'users_email_idx')) throw identityErrors.EMAIL_TAKEN()
    if (violates(error, 'users_quiet_check')) {
      throw kernelErrors.INVALID_INPUT({
        fields: [{ path: 'quietTo', message: 'quiet hours have a start and an end, or neither' }],
      })
    }
    throw error
  }
}

/** Columns of what is given; what is left out is undefined, and is left out of JSON too. */
function toColumns(profile: z.output<typeof profileInput>) {
  return {
    name: profile.name,
    email: profile.email,
    username: profile.username,
    first_name: profile.firstName,
    last_name: profile.lastName,
    job_title: profile.jobTitle,
    phone: profile.phone,
    image: profile.avatarUrl,
    linkedin_url: profile.linkedinUrl,
    bio: profile.bio,
    is_vip: profile.isVip,
    time_zone: profile.timeZone,
    quiet_from: profile.quietFrom,
    quiet_to: profile.quietTo,
    preferences: profile.preferences,
  }
}

export const meOperations: readonly AnyOperation[] = [me, update]
