import { randomUUID } from 'node:crypto'
import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Who holds a home folder; the address is null until the server listens, and for commands without a server. */
export type LockHolder = {
  token: string
  pid: number
  /** Start of the process in clock ticks since boot, so that a reused pid is not taken for the holder. */
  startedTicks: string | null
  host: string
  command: string
  address: string | null
}

export type HomeLock = {
  readonly holder: LockHolder
  /** Publishes where the server listens. */
  setAddress(address: string): void
  release(): void
}

const FILE = 'lock'
const HEARTBEAT_MS = 5_000
/** A lock from another machine (or a container that was made anew) counts as dead after this long without a heartbeat. */
const FOREIGN_STALE_MS = 6 * HEARTBEAT_MS

/** The home folder is in use; `holder` says by whom. */
export class HomeInUseError extends Error {
  readonly code = 'HOME_IN_USE'
  readonly holder: LockHolder

  constructor(home: string, holder: LockHolder) {
    const who = `process ${holder.pid}${holder.host === hostname() ? '' : ` on ${holder.host}`}`
    super(
      `${home} is in use by ${who} (${holder.command}). Stop it, or set ROBBIEVERSE_HOME to another folder.`,
    )
    this.holder = holder
  }
}

/**
 * Makes this process the one owner of the home folder. A lock whose process is gone is taken over.
 * Throws `HomeInUseError` when a live process holds it.
 */
export function lockHome(home: string, command: string): HomeLock {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const file = join(home, FILE)
  const holder: LockHolder = {
    token: randomUUID(),
    pid: process.pid,
    startedTicks: startTicks(process.pid),
    host: hostname(),
    command,
    address: null,
  }
  for (;;) {
    if (placeLock(file, holder)) break
    const current = readLock(home)
    if (current && isAlive(home, current)) throw new HomeInUseError(home, current)
    removeStale(home, current)
  }
  const isOurs = () => readLock(home)?.token === holder.token
  const heartbeat = setInterval(() => touch(file), HEARTBEAT_MS)
  heartbeat.unref()
  return {
    holder,
    setAddress: (address) => {
      holder.address = address
      if (isOurs()) replaceFile(file, JSON.stringify(holder))
    },
    release: () => {
      clearInterval(heartbeat)
      if (isOurs()) rmSync(file, { force: true })
    },
  }
}

/** The live process that holds the home, or null. */
export function findHolder(home: string): LockHolder | null {
  const holder = readLock(home)
  return holder && isAlive(home, holder) ? holder : null
}

function placeLock(file: string, holder: LockHolder): boolean {
  // A link appears with its whole content: a reader never sees half a lock, and only one link can succeed.
  const draft = `${file}.${holder.token}`
  writeFileSync(draft, JSON.stringify(holder), { mode: 0o600 })
  try {
    linkSync(draft, file)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function removeStale(home: string, stale: LockHolder | null): void {
  // Only one process at a time may judge a lock stale; otherwise a slow one would remove the winner's new lock.
  const guard = join(home, `${FILE}.takeover`)
  try {
    mkdirSync(guard)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    waitMs(20)
    // A guard whose maker was killed would block for ever; a takeover takes microseconds, not a second.
    if (isOlderThan(guard, 5_000)) rmdirSync(guard)
    return
  }
  try {
    const current = readLock(home)
    if (current?.token === stale?.token) rmSync(join(home, FILE), { force: true })
  } finally {
    rmdirSync(guard)
  }
}

function readLock(home: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(join(home, FILE), 'utf8')) as LockHolder
  } catch {
    return null
  }
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

function isAlive(home: string, holder: LockHolder): boolean {
  // The pid of another machine says nothing here; its heartbeat does.
  if (holder.host !== hostname()) return !isOlderThan(join(home, FILE), FOREIGN_STALE_MS)
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.startedTicks === null || startTicks(holder.pid) === holder.startedTicks
}

/** Field 22 of /proc/PID/stat; null where there is no /proc. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command in parentheses may itself hold spaces and parentheses: count from the last one.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null
  } catch {
    return null
  }
}

function touch(path: string): void {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // The lock was removed by hand; the next command will say so better than a timer could.
  }
}

function isOlderThan(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ms
  } catch {
    return false
  }
}

function waitMs(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
