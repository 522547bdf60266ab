import { readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runProgram } from './run-program.ts'

/** What PostgreSQL writes into `postmaster.pid`; the segment is its small System V one, which guards the folder. */
export interface PostmasterFile {
  pid: number
  segment?: { key: string; id: string }
}

/** Reads `postmaster.pid` of a data directory; undefined when the server has shut down or never ran. */
export function readPostmasterFile(dataDirectory: string): PostmasterFile | undefined {
  try {
    const lines = readFileSync(join(dataDirectory, 'postmaster.pid'), 'utf8').split('\n')
    const pid = Number.parseInt(lines[0] ?? '', 10)
    const [key, id] = (lines[6] ?? '').trim().split(/\s+/)
    if (!Number.isInteger(pid) || pid <= 1) return undefined
    return key && id ? { pid, segment: { key, id } } : { pid }
  } catch {
    return undefined
  }
}

/** True while the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const stat = readStat(pid)
  return stat !== undefined && stat.state !== 'Z' && stat.state !== 'X'
}

/** True if the process runs with `root` as its root folder and names `argument` on its command line. */
export function isRunningIn(pid: number, root: string, argument: string): boolean {
  try {
    const isInside = readlinkSync(`/proc/${pid}/root`) === root
    return isInside && readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(argument)
  } catch {
    return false
  }
}

/** SIGKILL for a postmaster and every process it has started; resolves when none of them runs any more. */
export async function killPostmaster(pid: number): Promise<void> {
  // Stopped first, so that it starts no process between the look at its children and its own end.
  signal(pid, 'SIGSTOP')
  const family = [...childrenOf(pid), pid]
  for (const member of family) signal(member, 'SIGKILL')
  for (let round = 0; family.some(isRunning); round += 1) {
    if (round > 1000) throw new Error(`process ${family.find(isRunning)} of PostgreSQL survives SIGKILL`)
    await sleep(10)
  }
}

/** Ends a postmaster that is not our child, by SIGQUIT first and by force after `patienceMs`. */
export async function endPostmaster(pid: number, patienceMs: number): Promise<void> {
  signal(pid, 'SIGQUIT')
  for (let waited = 0; isRunning(pid) && waited < patienceMs; waited += 20) await sleep(20)
  if (isRunning(pid)) await killPostmaster(pid)
}

/** Removes the shared memory segment that a killed postmaster left; the kernel keeps those until a reboot. */
export async function removeOrphanedSegment(dataDirectory: string): Promise<void> {
  const file = readPostmasterFile(dataDirectory)
  if (file?.segment === undefined || isRunning(file.pid)) return
  const { key, id } = file.segment
  const rows = readOrNothing('/proc/sysvipc/shm').split('\n').slice(1)
  // Segment numbers are given out again: the key (32 bits, signed here, unsigned there) and the creator must match
  // too, and nobody may be attached.
  const isOurs = rows.some((row) => {
    const [rowKey, rowId, , , creator, , attached] = row.trim().split(/\s+/)
    const isSameKey = Number(rowKey) >>> 0 === Number(key) >>> 0
    return isSameKey && rowId === id && creator === String(file.pid) && attached === '0'
  })
  if (isOurs) await runProgram(['ipcrm', '--shmem-id', id])
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended meanwhile.
  }
}

function childrenOf(pid: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
  return all.filter((candidate) => readStat(candidate)?.parent === pid)
}

function readStat(pid: number): { state: string; parent: number } | undefined {
  const stat = readOrNothing(`/proc/${pid}/stat`)
  // The second field is the program's name in parentheses, which may itself hold spaces and parentheses.
  const [state, parent] = stat
    .slice(stat.lastIndexOf(')') + 1)
    .trim()
    .split(' ')
  return state && parent ? { state, parent: Number(parent) } : undefined
}

function readOrNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
