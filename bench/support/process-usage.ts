import { readFileSync } from 'node:fs'

/** Clock ticks a second in /proc, the same on every Linux. */
const TICKS = 100

/** Resident memory of a process, MiB (2^20 bytes): VmRSS of /proc/PID/status. */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? []
  if (kibibytes === undefined)
    throw new Error(`process ${pid} has no VmRSS: it is gone, or this is not Linux`)
  return Number(kibibytes) / 1024
}

/** Processor time a process has used so far on all its threads, milliseconds. */
export function processorMs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The command in parentheses may hold spaces: count from the last one. Fields 14 and 15 are utime and stime.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS
}
