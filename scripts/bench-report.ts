import { readFileSync } from 'node:fs'

/** A row of a table, its cells padded to their widths. */
export function printRow(cells: readonly (string | number)[], widths: readonly number[]): void {
  const padded = cells.map((cell, i) => String(cell).padEnd(widths[i] ?? 0))
  console.log(padded.join('  ').trimEnd())
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}

/** Milliseconds of calls. */
export type Timings = { readonly p50: number; readonly p95: number; readonly p99: number }

export function timingsOf(milliseconds: readonly number[]): Timings {
  const sorted = milliseconds.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) }
}

/**
 * Calls one after another: how long each took by the clock, and of a processor, which hardly depends on what else the
 * machine does (all threads of this process together).
 */
export async function timeEach<T, R>(
  items: readonly T[],
  call: (item: T) => R | Promise<R>,
): Promise<{ readonly results: R[]; readonly timings: Timings; readonly processor: Timings }> {
  const results: R[] = []
  const milliseconds: number[] = []
  const ofProcessor: number[] = []
  for (const item of items) {
    const [started, before] = [performance.now(), process.cpuUsage()]
    results.push(await call(item))
    const { user, system } = process.cpuUsage(before)
    milliseconds.push(performance.now() - started)
    ofProcessor.push((user + system) / 1000)
  }
  return { results, timings: timingsOf(milliseconds), processor: timingsOf(ofProcessor) }
}

/** Memory of this process without pages of files, as Linux counts it. */
export function anonymousMegabytes(): string {
  try {
    const [, kilobytes = ''] =
      /^Anonymous:\s+(\d+)/m.exec(readFileSync('/proc/self/smaps_rollup', 'utf8')) ?? []
    return (Number(kilobytes) / 1000).toFixed(0)
  } catch {
    return `unknown (${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident)`
  }
}
