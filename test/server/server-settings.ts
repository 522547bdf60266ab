import type { TestServerOptions } from './test-server.ts'

const forTests = {
  max_connections: '200',
  shared_buffers: '256MB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The `-c name=value` arguments for `postgres`: test defaults, then `fixed`, then the caller's own settings. */
export function settingArguments(options: TestServerOptions, fixed: Record<string, string> = {}): string[] {
  const safe = options.durable ? 'on' : 'off'
  const durability = { fsync: safe, synchronous_commit: safe, full_page_writes: safe }
  const all = { ...forTests, ...durability, ...fixed, ...options.settings }
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
