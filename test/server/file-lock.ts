import { closeSync, openSync } from 'node:fs'
import { runProgram } from './run-program.ts'

/** An exclusive kernel lock: it ends with `release()`, or when the last process that holds `descriptor` dies. */
export interface FileLock {
  descriptor: number
  release(): void
}

/**
 * Takes the lock on a file (made if missing), waiting up to `waitMs`; undefined if another holds it until then.
 * A lock of the kernel cannot go stale, which a file with a process id in it can.
 */
export async function lockFile(path: string, waitMs: number): Promise<FileLock | undefined> {
  const descriptor = openSync(path, 'a', 0o600)
  const seconds = (waitMs / 1000).toFixed(3)
  const patience = waitMs > 0 ? ['--wait', seconds] : ['--nonblock']
  // The lock belongs to the open file, which flock(1) shares with us: it stays when flock ends.
  const { code, stderr } = await runProgram(['flock', '--exclusive', ...patience, '3'], { descriptor })
  let isOpen = true
  const release = (): void => {
    if (isOpen) closeSync(descriptor)
    isOpen = false
  }
  if (code === 0) return { descriptor, release }
  release()
  if (code === 1) return undefined
  throw new Error(`flock could not lock ${path}: ${stderr}`)
}
