import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'

import type { Config } from '../../kernel/config.ts'
import { safeJson, safeLine } from '../../kernel/safe-text.ts'
import { cliErrors } from '../cli.errors.ts'
import { isOn, JSON_FLAG, type Command, type Surroundings } from '../command.ts'
import type { App, Served } from '../host.ts'
import { claimHome } from '../home-door.ts'
import { aborted, interruptible } from '../interrupt.ts'
import { EXIT } from '../report-error.ts'
import { writeLine } from '../terminal.ts'

export const startCommand: Command = {
  name: 'start',
  usage: '[--json]',
  summary: 'Starts RobbieVerse and serves it until Ctrl-C.',
  flags: [{ ...JSON_FLAG, summary: 'Print where it listens as one line of JSON.' }],
  run: async (flags, surroundings) => {
    const { terminal, config } = surroundings
    // Nurseries that stay small: after 10,000 messages the process held some 100 MiB less, and took them as fast.
    setFlagsFromString('--semi-space-growth-factor=1')
    // Heard from the first moment on: opening takes seconds on the first start.
    const { signal, release } = interruptible(terminal)
    try {
      if (terminal.stderr.isTTY) await writeLine(terminal.stderr, `Opening ${safeLine(config.home)} ...`)
      const app = await openApp(surroundings)
      try {
        const served = await serve(app)
        try {
          await writeLine(
            terminal.stdout,
            isOn(flags, 'json') ? asJson(config, served) : welcome(config, served),
          )
          await aborted(signal)
        } finally {
          await served.close()
        }
      } finally {
        await app.close()
      }
    } finally {
      release()
    }
    return EXIT.ok
  },
}

async function openApp({ host, terminal, config, log }: Surroundings): Promise<App> {
  const open = () => host.openApp(config, { command: 'start', log, clock: terminal.clock })
  if (config.databaseUrl !== null) return open()
  return claimHome(config.home, {
    here: open,
    throughServer: async ({ pid, address }) => {
      throw cliErrors.HOME_IN_USE({
        message: `RobbieVerse runs already at ${address} (process ${pid}). Use it, or set ROBBIEVERSE_HOME to another folder.`,
        data: { pid, address },
      })
    },
  })
}

async function serve(app: App): Promise<Served> {
  const { host, port } = app.config
  try {
    return await app.serve()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EADDRINUSE') {
      throw cliErrors.ADDRESS_IN_USE({
        message: `Port ${port} on ${host} is taken by another program. Stop it, or set ROBBIEVERSE_PORT to another port.`,
        data: { host, port },
        cause: error,
      })
    }
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw cliErrors.ADDRESS_REFUSED({
        message: `${host}, port ${port} cannot be listened on (${code}). Check ROBBIEVERSE_HOST and ROBBIEVERSE_PORT.`,
        data: { host, port },
        cause: error,
      })
    }
    throw error
  }
}

function asJson(config: Config, served: Served): string {
  const { address, signInLink } = served
  return safeJson({ address, signInLink, keyFile: keyFile(config), model: modelName(config) })
}

function welcome(config: Config, served: Served): string {
  const { model } = config
  const answers =
    model === null
      ? 'offline responder (no model is set; see ROBBIEVERSE_MODEL)'
      : `${safeLine(model.name)} (${model.provider})`
  return [
    `RobbieVerse runs at ${served.address}`,
    '',
    served.signInLink === null
      ? '  Sign in:        npx robbieverse sign-in'
      : `  Sign in, once:  ${served.signInLink}`,
    `  API key:        ${safeLine(keyFile(config))}`,
    `  Answers:        ${answers}`,
    '',
    'Try in another terminal:',
    '  npx robbieverse chat',
    '  npx robbieverse persona list',
    '  npx robbieverse memory recall --q coffee',
    '',
    'Ctrl-C stops it.',
  ].join('\n')
}

function keyFile(config: Config): string {
  return join(config.home, 'api-key')
}

function modelName(config: Config): string {
  return config.model === null ? 'offline' : `${config.model.provider}:${config.model.name}`
}
