const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

type Series = { operation: string; status: number; count: number; seconds: number; buckets: number[] }

/** Counts requests and writes them in Prometheus' text format (version 0.0.4). One instance a server. */
export class Metrics {
  readonly #series = new Map<string, Series>()
  readonly #gauges = new Map<string, { help: string; read: () => number }>()
  readonly #startedAt = performance.now()

  /** One answered request. `operation` is an operation id or the name of a fixed address: never a raw path. */
  observe(operation: string, status: number, seconds: number): void {
    const key = `${operation} ${status}`
    let series = this.#series.get(key)
    if (!series) {
      series = { operation, status, count: 0, seconds: 0, buckets: BUCKETS.map(() => 0) }
      this.#series.set(key, series)
    }
    series.count += 1
    series.seconds += seconds
    for (const [index, bound] of BUCKETS.entries()) if (seconds <= bound) series.buckets[index]! += 1
  }

  /** A value that is read whenever the metrics are. `name` has no prefix. */
  gauge(name: string, help: string, read: () => number): void {
    this.#gauges.set(name, { help, read })
  }

  render(): string {
    const memory = process.memoryUsage()
    const cpu = process.cpuUsage()
    return [
      ...this.#renderRequests(),
      ...[...this.#gauges].flatMap(([name, { help, read }]) =>
        single(`robbieverse_${name}`, 'gauge', help, read()),
      ),
      ...single('robbieverse_uptime_seconds', 'gauge', 'Seconds since the server began.', this.#uptime()),
      ...single('process_resident_memory_bytes', 'gauge', 'Resident memory of the process.', memory.rss),
      ...single('nodejs_heap_used_bytes', 'gauge', 'JavaScript heap in use.', memory.heapUsed),
      ...single(
        'process_cpu_seconds_total',
        'counter',
        'User and system CPU time of the process.',
        (cpu.user + cpu.system) / 1e6,
      ),
      '',
    ].join('\n')
  }

  #uptime(): number {
    return (performance.now() - this.#startedAt) / 1000
  }

  #renderRequests(): string[] {
    const total = 'robbieverse_http_requests_total'
    const duration = 'robbieverse_http_request_duration_seconds'
    const all = [...this.#series.values()]
    return [
      ...head(total, 'counter', 'Answered HTTP requests, by operation and status.'),
      ...all.map((series) => `${total}{${labels(series)}} ${series.count}`),
      ...head(duration, 'histogram', 'Seconds until the answer began, by operation and status.'),
      ...all.flatMap((series) => [
        ...BUCKETS.map(
          (bound, index) => `${duration}_bucket{${labels(series)},le="${bound}"} ${series.buckets[index]}`,
        ),
        `${duration}_bucket{${labels(series)},le="+Inf"} ${series.count}`,
        `${duration}_sum{${labels(series)}} ${series.seconds}`,
        `${duration}_count{${labels(series)}} ${series.count}`,
      ]),
    ]
  }
}

function labels(series: Series): string {
  return `operation="${series.operation}",status="${series.status}"`
}

function head(name: string, type: string, help: string): string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
}

function single(name: string, type: string, help: string, value: number): string[] {
  return [...head(name, type, help), `${name} ${value}`]
}
