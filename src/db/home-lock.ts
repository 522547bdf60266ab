import { randomUUID } from 'node:crypto'
import {
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
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
  /** Throws `HomeLostError` when somebody else has the home by now. */
  check(): void
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

/** The home was taken over while this process did not run, so that it counted as dead. It must write no more. */
export class HomeLostError extends Error {
  readonly code = 'HOME_LOST'

  constructor(home: string, successor: LockHolder | null) {
    const who = successor ? `process ${successor.pid} on ${successor.host}` : 'another process'
    super(
      `${home} was taken over by ${who} while this process was paused. It ends now, so that the database has one owner.`,
    )
  }
}

/**
 * Makes this process the one owner of the home folder. A lock whose process is gone is taken over.
 * `onLost` is called once when somebody else took this one over; whoever has the data open must end it there.
 * Throws `HomeInUseError` when a live process holds it.
 */
export function lockHome(
  home: string,
  command: string,
  onLost: (error: HomeLostError) => void = () => undefined,
): HomeLock {
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
  while (!placeLock(file, holder)) {
    const line = readLine(home)
    const last = line.at(-1)
    if (last?.holder && isAlive(last.path, last.holder)) throw new HomeInUseError(home, last.holder)
    if (last && succeed(home, line, holder)) break
  }
  const heartbeat = setInterval(() => {
    if (holds(home, holder)) return touch(file)
    clearInterval(heartbeat)
    onLost(new HomeLostError(home, readLock(file)))
  }, HEARTBEAT_MS)
  heartbeat.unref()
  return {
    holder,
    setAddress: (address) => {
      holder.address = address
      if (holds(home, holder)) replaceFile(file, JSON.stringify(holder))
    },
    check: () => {
      if (!holds(home, holder)) throw new HomeLostError(home, readLock(file))
    },
    release: () => {
      clearInterval(heartbeat)
      if (readLock(file)?.token === holder.token) rmSync(file, { force: true })
    },
  }
}

/** Whether the lock is still the holder's. One that was removed by hand is put back, unless somebody was quicker. */
function holds(home: string, holder: LockHolder): boolean {
  const file = join(home, FILE)
  try {
    return existsSync(file) ? readLock(file)?.token === holder.token : placeLock(file, holder)
  } catch {
    // The folder is gone or full: that says nothing of a successor.
    return true
  }
}

/** The live process that holds the home, or null. */
export function findHolder(home: string): LockHolder | null {
  const last = readLine(home).at(-1)
  return last?.holder && isAlive(last.path, last.holder) ? last.holder : null
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

/** A lock file, or a claim to succeed one; the holder is null when it cannot be read (a power cut leaves it empty). */
type Entry = { path: string; token: string; holder: LockHolder | null }

/** The lock, then who claims to succeed its dead holder, then who claims to succeed that one when it died too. */
function readLine(home: string): Entry[] {
  const line: Entry[] = []
  for (let path = join(home, FILE); existsSync(path);) {
    const holder = readLock(path)
    const token = holder?.token ?? `unreadable-${line.length}`
    line.push({ path, token, holder })
    path = join(home, `${FILE}.after-${token}`)
  }
  return line
}

/**
 * Takes the place of the dead last one in line; false when somebody else was quicker. Only one can make the claim to
 * succeed a given holder, and it stands until the lock is replaced, so whoever made it and still finds the line as it
 * was is the only one that may replace the lock. Removing the dead lock first would let a slow rival remove the new one.
 */
function succeed(home: string, line: Entry[], holder: LockHolder): boolean {
  const claim = join(home, `${FILE}.after-${line.at(-1)!.token}`)
  if (!placeLock(claim, holder)) return false
  const now = readLine(home).map((entry) => entry.token)
  const isUnchanged = line.every((entry, index) => entry.token === now[index])
  if (isUnchanged) replaceFile(join(home, FILE), JSON.stringify(holder))
  for (const entry of isUnchanged ? line.slice(1) : []) rmSync(entry.path, { force: true })
  rmSync(claim, { force: true })
  return isUnchanged
}

function readLock(path: string): LockHolder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as LockHolder
  } catch {
    return null
  }
}

function replaceFile(file: string, text: string): void {
  const draft = `${file}.${randomUUID()}`
  writeFileSync(draft, text, { mode: 0o600 })
  renameSync(draft, file)
}

function isAlive(path: string, holder: LockHolder): boolean {
  // The pid of another machine says nothing here; its heartbeat does.
  if (holder.host !== hostname()) return !isOlderThan(path, FOREIGN_STALE_MS)
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false
  }
  return holder.startedTicks === null || startTicks(holder.pid) === holder.startedTicks
}

/** Field 22 of /proc/PID/stat; null where there is no /proc, and for a zombie, which holds nothing any more. */
function startTicks(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The command in parentheses may itself hold spaces and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? null : (fields[19] ?? null)
  } catch {
    return null
  }
}

function touch(path: string): void {
  const now = new Date()
  try {
    utimesSync(path, now, now)
  } catch {
    // It was removed by hand in this moment: the next heartbeat puts it back.
  }
}

function isOlderThan(path: string, ms: number): boolean {
  try {
    return Date.now() - statSync(path).mtimeMs > ms
  } catch {
    return false
  }
}
