/** How a piece of work stands that somebody outside carries out and reports on. */
export const RUN_STATUSES = ['queued', 'running', 'completed', 'failed', 'cancelled'] as const
export type RunStatus = (typeof RUN_STATUSES)[number]

export type RunState = {
  status: RunStatus
  /** Part that is done, 0-1. */
  progress: number
  startedAt: Date | null
  /** When it ended, however it did. */
  completedAt: Date | null
}

export type RunReport = { status?: RunStatus | undefined; progress?: number | undefined }

/**
 * The state after a report: a first sign of life makes it running, completed means all of it is done. Refused where it has
 * ended already (`ended`), or would be less far than it was (`backwards`).
 */
export function advanceRun(before: RunState, report: RunReport, now: Date): RunState | 'ended' | 'backwards' {
  if (before.completedAt !== null) return 'ended'
  const status = report.status ?? 'running'
  const progress = status === 'completed' ? 1 : (report.progress ?? before.progress)
  if (progress < before.progress || (status === 'queued' && before.status !== 'queued')) return 'backwards'
  const hasEnded = status !== 'queued' && status !== 'running'
  return {
    status,
    progress,
    startedAt: before.startedAt ?? (status === 'queued' || status === 'cancelled' ? null : now),
    completedAt: hasEnded ? now : null,
  }
}
