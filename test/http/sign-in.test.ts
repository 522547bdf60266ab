import { afterAll, beforeAll, expect, it } from 'vitest'

import type { Problem } from '../../src/doors/problem.ts'
import { createSignIn } from '../../src/http/index.ts'
import { EventReader } from './event-reader.ts'
import { eachBackend } from '../support/backends.ts'
import { openTestTown, send, type RequestOptions, type TestTown } from './test-town.ts'

eachBackend((backend) => {
  let town: TestTown
  /** What the connection was like before anybody signed in. */
  let settings: unknown
  let ownerEmail: string

  const readSettings = () =>
    town.database.session((session) =>
      session.query(`select current_setting('search_path') as path, current_user as who`),
    )

  beforeAll(async () => {
    town = await openTestTown(backend)
    settings = await readSettings()
    ownerEmail = await town.emailOf(town.owner.userId)
  })

  afterAll(async () => {
    await town.close()
  })

  const open = (link: string, headers: Record<string, string> = {}) => send(link, 'GET', { headers })

  /** The cookie of a fresh session, as a browser sends it. */
  async function signIn(email: string = ownerEmail): Promise<string> {
    const response = await open((await town.signIn.makeLink(email)).link)
    expect(response.status).toBe(303)
    return response.headers.getSetCookie()[0]!.split(';')[0]!
  }

  const withCookie = (cookie: string, method: string, path: string, options: RequestOptions = {}) =>
    town.request(method, path, { ...options, key: null, headers: { cookie, ...options.headers } })

  const codeOf = async (response: Response) => ((await response.json()) as Problem).code

  it('signs a person in with a link, into a session that scripts cannot read', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    expect(link.startsWith(town.address)).toBe(true)
    const response = await open(link)
    expect(response.status).toBe(303)
    expect(response.headers.get('location')).toBe('/')
    const cookie = response.headers.getSetCookie().join('\n')
    expect(cookie).toMatch(/^robbieverse\.session_token=/)
    expect(cookie).toMatch(/; HttpOnly/i)
    expect(cookie).toMatch(/; SameSite=Lax/i)
    expect(cookie).not.toMatch(/; Secure/i)
    const whoami = await withCookie(cookie.split(';')[0]!, 'GET', '/v1/whoami')
    expect(await whoami.json()).toMatchObject({
      userId: town.owner.userId,
      town: { slug: 'home' },
      key: null,
    })
  })

  it('refuses a link that was used, with a page for people and a problem for programs', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    await open(link)
    const page = await open(link, { accept: 'text/html' })
    expect(page.status).toBe(403)
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(await page.text()).toContain('was used already')
    expect(page.headers.getSetCookie()).toEqual([])
    expect(await codeOf(await open(link))).toBe('SIGN_IN_LINK_INVALID')
  })

  it('lets only one of two simultaneous uses in', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await open(link)).status))
    expect(statuses.toSorted((a, b) => a - b)).toEqual([303, 403, 403, 403, 403])
  })

  it('refuses a link after 15 minutes, and one that is made up', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    const rows = await town.database.session((session) =>
      session.query<{ seconds: number }>(
        `select extract(epoch from expires_at - now())::int as seconds from identity.verifications
       order by created_at desc limit 1`,
      ),
    )
    expect(rows[0]!.seconds).toBeGreaterThan(14 * 60)
    expect(rows[0]!.seconds).toBeLessThanOrEqual(15 * 60)
    await town.database.session((session) =>
      session.exec(`update identity.verifications set expires_at = now() - interval '1 second'`),
    )
    expect(await codeOf(await open(link))).toBe('SIGN_IN_LINK_INVALID')
    for (const token of ['', 'nope', '%00', "' or 1=1 --"]) {
      expect(await codeOf(await open(`${town.address}/v1/auth/link?token=${token}`))).toBe(
        'SIGN_IN_LINK_INVALID',
      )
    }
  })

  it('does not use a link up when it is only looked at', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    expect((await send(link, 'HEAD', {})).status).toBe(404)
    expect((await open(link)).status).toBe(303)
  })

  it('ignores where a link is told to lead', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    const response = await open(`${link}&callbackURL=https://evil.example/`)
    expect(response.headers.get('location')).toBe('/')
  })

  it('makes links for people who are here, and nobody else', async () => {
    await expect(town.signIn.makeLink('stranger@example.org')).rejects.toMatchObject({
      code: 'SIGN_IN_UNKNOWN_PERSON',
    })
    for (const path of [
      'sign-up/email',
      'sign-in/magic-link',
      'sign-in/email',
      'get-session',
      'magic-link/verify',
    ]) {
      const response = await town.request('POST', `/v1/auth/${path}`, {
        key: null,
        body: { email: ownerEmail },
      })
      expect(await codeOf(response)).toBe('NOT_FOUND')
    }
  })

  it('keeps no token of a link in the database', async () => {
    const { link } = await town.signIn.makeLink(ownerEmail)
    const token = new URL(link).searchParams.get('token')!
    const rows = await town.database.session((session) =>
      session.query(`select * from identity.verifications`),
    )
    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
  })

  it('lets a cookie change something only from a page of ours', async () => {
    const cookie = await signIn()
    const create = (headers: Record<string, string>) =>
      withCookie(cookie, 'POST', '/v1/jottings', { body: { text: 'a' }, headers })
    const bare = await create({})
    expect({ status: bare.status, code: await codeOf(bare) }).toEqual({
      status: 403,
      code: 'ORIGIN_NOT_ALLOWED',
    })
    expect((await create({ origin: town.address })).status).toBe(201)
    expect((await create({ 'sec-fetch-site': 'same-origin' })).status).toBe(201)
    expect((await create({ origin: 'http://localhost:1' })).status).toBe(403)
    expect((await create({ 'sec-fetch-site': 'same-site', origin: town.address })).status).toBe(403)
    expect((await create({ 'sec-fetch-site': 'none' })).status).toBe(403)
  })

  it('takes the town from the header, and refuses one the person does not belong to', async () => {
    const member = await town.addMember('user')
    const other = await town.addTown('other')
    const inTown = async (cookie: string, name: string) =>
      withCookie(cookie, 'GET', '/v1/whoami', { headers: { 'robbieverse-town': name } })
    const owners = await signIn()
    expect(await (await inTown(owners, 'other')).json()).toMatchObject({ town: { id: other } })
    expect(await (await inTown(owners, other)).json()).toMatchObject({ town: { slug: 'other' } })
    const members = await signIn(await town.emailOf(member.userId))
    expect(await codeOf(await inTown(members, 'other'))).toBe('NO_TOWN')
    expect(await codeOf(await inTown(members, 'nowhere'))).toBe('NO_TOWN')
  })

  it('takes a key before a cookie', async () => {
    const member = await town.addMember('user')
    const cookie = await signIn()
    const response = await town.request('GET', '/v1/whoami', { key: member.key, headers: { cookie } })
    expect(await response.json()).toMatchObject({ userId: member.userId })
  })

  it('refuses a cookie that was changed, and a session that has ended', async () => {
    const cookie = await signIn()
    const changed = cookie.replace(/=(.)/, (_, first: string) => `=${first === 'a' ? 'b' : 'a'}`)
    expect(await codeOf(await withCookie(changed, 'GET', '/v1/whoami'))).toBe('UNAUTHENTICATED')
    await town.database.session((session) =>
      session.exec(`update identity.sessions set expires_at = now() - interval '1 second'`),
    )
    expect(await codeOf(await withCookie(cookie, 'GET', '/v1/whoami'))).toBe('UNAUTHENTICATED')
  })

  it('signs out, and with that ends the event stream of the browser', async () => {
    const server = await town.serve({ heartbeatMs: 20 })
    const cookie = await signIn()
    const stream = new EventReader(await send(`${server.address}/v1/events`, 'GET', { headers: { cookie } }))
    expect((await withCookie(cookie, 'POST', '/v1/auth/sign-out')).status).toBe(403)
    const out = await withCookie(cookie, 'POST', '/v1/auth/sign-out', { headers: { origin: town.address } })
    expect(out.status).toBe(303)
    expect(out.headers.getSetCookie().join()).toMatch(/robbieverse\.session_token=;/)
    expect((await withCookie(cookie, 'GET', '/v1/whoami')).status).toBe(401)
    expect((await stream.rest()).at(-1)).toMatchObject({ event: 'error', data: { code: 'UNAUTHENTICATED' } })
    await server.close()
  })

  it('sends cookies over https only where people come over https', async () => {
    const https = createSignIn({
      database: town.database,
      baseUrl: () => 'https://robbie.example',
      secret: 'another'.repeat(8),
    })
    const { link } = await https.makeLink(ownerEmail)
    const response = await https.handle(new Request(link))
    expect(response?.headers.getSetCookie()[0]).toMatch(/^__Secure-robbieverse\.session_token=.*; Secure/i)
    const cookie = response!.headers.getSetCookie()[0]!.split(';')[0]!
    expect(await https.sessionUser(new Headers({ cookie }))).toBe(town.owner.userId)
    expect(await town.signIn.sessionUser(new Headers({ cookie }))).toBeNull()
  })

  it('leaves nothing behind on the connection that others use', async () => {
    await signIn()
    expect(await readSettings()).toEqual(settings)
  })

  it('asks for a secret that is worth the name', () => {
    const options = { database: town.database, baseUrl: () => town.address }
    expect(() => createSignIn({ ...options, secret: 'short' })).toThrow('32 characters')
  })
})
