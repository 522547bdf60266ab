import { Dispatcher } from '../../src/doors/dispatcher.ts'
import { createHttpApp, createSignIn, serveHttp } from '../../src/http/index.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { createLogger } from '../../src/kernel/logger.ts'
import { modules } from '../../src/modules/index.ts'
import type { Person } from '../support/found-town.ts'
import { vault, type Value } from '../support/operation-context.ts'
import type { TestDatabase } from '../support/test-database.ts'

const operations = modules.flatMap((module) => module.operations)

/** Sign-in as browsers meet it: over a real socket, with links and cookies. */
export type SignInDoor = {
  /** Makes a sign-in link, of the person themselves or of whoever they name. */
  makeLink(person: Person, input: Value): Promise<{ link: string }>
  /** Opens a link as a browser does; answers the profile of whom its cookie signs in. */
  open(link: string): Promise<Value>
  close(): Promise<void>
}

export async function openSignInDoor({ database }: TestDatabase): Promise<SignInDoor> {
  const log = createLogger('silent')
  let address = 'http://127.0.0.1'
  const signIn = createSignIn({ database, baseUrl: () => address, secret: 'test'.repeat(16), log })
  const door = new Dispatcher({
    database,
    operations,
    clock: systemClock,
    log,
    chat: null,
    system: { status: () => Promise.reject(new Error('no installation in this test')) },
    signInLinks: { make: (email) => signIn.makeLink(email) },
    vault,
  })
  const app = createHttpApp({
    door,
    operations,
    database,
    clock: systemClock,
    log,
    version: '0.0.0-test',
    signIn,
    baseUrl: () => address,
    readiness: () => database.isReady(),
  })
  const server = await serveHttp(app, { host: '127.0.0.1', port: 0 })
  address = server.address
  return {
    makeLink: async (person, input) => {
      const response = await fetch(`${address}/v1/sign-in-links`, {
        method: 'POST',
        headers: { authorization: `Bearer ${person.key}`, 'content-type': 'application/json' },
        body: JSON.stringify(input),
      })
      if (!response.ok) throw new Error(`no link: ${await response.text()}`)
      return (await response.json()) as { link: string }
    },
    open: async (link) => {
      const opened = await fetch(link, { redirect: 'manual' })
      const [cookie] = opened.headers.getSetCookie()
      if (cookie === undefined) throw new Error(`nobody is signed in: ${await opened.text()}`)
      const me = await fetch(`${address}/v1/me`, { headers: { cookie: cookie.split(';')[0]! } })
      return me.json()
    },
    close: () => server.close(),
  }
}
