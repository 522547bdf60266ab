import { openApp } from '../../src/app.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { readConfig } from '../../src/kernel/config.ts'
import { createLogger } from '../../src/kernel/logger.ts'

// The whole product in a process of its own, as `start` runs it, with a side door: the test that forked it may look
// into the database while the server runs, which the embedded database allows to nobody else.

/** A statement to run as the deployer. */
export type Question = { id: number; text: string; values: unknown[] }
export type Answer = { id: number; rows: unknown[] } | { id: number; error: string }
export type Started = { address: string; signInLink: string | null; ownerKey: string }

const config = readConfig(process.env)
const log = createLogger(config.logLevel)
const app = await openApp(config, { command: 'start', log, clock: systemClock })
const served = await app.serve()

process.on('message', (question: Question) => {
  void app.database
    .session((session) => session.query(question.text, question.values))
    .then(
      (rows): Answer => ({ id: question.id, rows }),
      (error: unknown): Answer => ({ id: question.id, error: String(error) }),
    )
    .then((answer) => process.send?.(answer))
})

let isEnding = false
async function end() {
  if (isEnding) return
  isEnding = true
  await served.close()
  await app.close()
  process.exit(0)
}
process.on('SIGTERM', () => void end())
// Whoever forked it is gone.
process.on('disconnect', () => void end())

process.send?.({
  address: served.address,
  signInLink: served.signInLink,
  ownerKey: app.ownerKey,
} satisfies Started)
