import { describe } from 'vitest'

import type { Backend } from '../../src/db/database.ts'
import { askBroker } from './ask-broker.ts'

const BACKENDS = ['embedded', 'server'] as const

/** ROBBIEVERSE_TEST_BACKENDS limits the run to `embedded` or `server`; both otherwise. */
const wanted = process.env['ROBBIEVERSE_TEST_BACKENDS'] || 'embedded,server'

const server = wanted.includes('server')
  ? await askBroker({ ask: 'server' })
  : { unavailable: 'not asked for' }

/** Defines the same tests for each back end. Where one cannot be had they are skipped, and the title says why. */
export function eachBackend(define: (backend: Backend) => void): void {
  for (const backend of BACKENDS) onBackend(backend, define)
}

/** Defines tests that make sense on one back end only. */
export function onBackend(backend: Backend, define: (backend: Backend) => void): void {
  const reason = whyNot(backend)
  if (reason === null) describe(`on ${backend}`, () => define(backend))
  else describe.skip(`on ${backend} (${reason})`, () => define(backend))
}

/** The server of this run. Throws where there is none; only tests on `server` may ask. */
export function getServer(): { url: string; template: string; version: string } {
  if ('unavailable' in server) throw new Error(server.unavailable)
  return server
}

function whyNot(backend: Backend): string | null {
  if (!wanted.includes(backend)) return 'not asked for'
  return backend === 'server' && 'unavailable' in server ? server.unavailable : null
}
