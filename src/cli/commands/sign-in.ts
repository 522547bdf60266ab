import { safeJson, safeLine } from '../../kernel/safe-text.ts'
import { isOn, JSON_FLAG, valueOf, type Command } from '../command.ts'
import { callOnce } from '../home-door.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

type SignInLink = { email: string; link: string; expiresAt: string }

export const signInCommand: Command = {
  name: 'sign-in',
  usage: '[--person EMAIL] [--json]',
  summary: 'Makes a link that signs you in once in a browser, or another member of your town.',
  flags: [
    {
      name: 'person',
      kind: 'value',
      placeholder: 'EMAIL',
      summary: 'Whom it signs in; whoever the key belongs to when left out.',
    },
    JSON_FLAG,
  ],
  run: async (flags, surroundings) => {
    const { terminal } = surroundings
    const person = valueOf(flags, 'person')
    const input = person === undefined ? {} : { person }
    const made = (await callOnce(surroundings, 'identity.sign_in_link', input)) as SignInLink
    await writeLine(terminal.stdout, isOn(flags, 'json') ? safeJson(made) : describe(made))
    return EXIT.ok
  },
}

function describe({ email, link }: SignInLink): string {
  return [
    link,
    '',
    `It signs ${safeLine(email)} in once, within 15 minutes, while RobbieVerse runs at ${new URL(link).origin}.`,
  ].join('\n')
}
