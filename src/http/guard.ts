import { httpErrors } from './http.errors.ts'

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Whether the host part of an address (no port) means this machine only. */
export function isLoopback(hostname: string): boolean {
  return LOOPBACK.test(hostname.toLowerCase())
}

/**
 * Refuses requests that a page of another site made a browser send. A server that listens on loopback, or whose public
 * name is known, answers only to that name and to loopback names: a name of the attacker that resolves to 127.0.0.1 (DNS
 * rebinding) would otherwise make his page same-origin with us. Throws HOST_NOT_ALLOWED or ORIGIN_NOT_ALLOWED.
 */
export function guardOrigin(request: Request, server: { baseUrl: string; isPublic: boolean }): void {
  const base = new URL(server.baseUrl)
  const host = request.headers.get('host') ?? ''
  const isNameKnown = server.isPublic || isLoopback(base.hostname)
  if (isNameKnown && !isLoopback(hostnameOf(host)) && host !== base.host) {
    throw httpErrors.HOST_NOT_ALLOWED({ data: { host } })
  }
  const origin = request.headers.get('origin')
  if (origin !== null && !isOwnOrigin(origin, host, base))
    throw httpErrors.ORIGIN_NOT_ALLOWED({ data: { origin } })
}

/** Whether a browser says that the request comes from a page of ours: what a cookie needs to change anything. */
export function isSameOrigin(request: Request, baseUrl: string): boolean {
  const site = request.headers.get('sec-fetch-site')
  const origin = request.headers.get('origin')
  if (site !== null && site !== 'same-origin') return false
  if (origin === null) return site === 'same-origin'
  const host = request.headers.get('host') ?? ''
  return hostOf(origin) === host || origin === new URL(baseUrl).origin
}

function isOwnOrigin(origin: string, host: string, base: URL): boolean {
  if (origin === base.origin || hostOf(origin) === host) return true
  // Another port of this machine, as a console in development: it still needs a key, and gets no CORS headers.
  return isLoopback(base.hostname) && isLoopback(hostnameOf(hostOf(origin) ?? ''))
}

function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

function hostnameOf(host: string): string {
  return host.replace(/:\d*$/, '')
}
