import type { Service } from './start-service.js'

/** A line of the service's log on one request, timed from its head to the end of its answer. */
export type LoggedRequest = { readonly route: string | null; readonly status: number; readonly ms: number }

export type LogReader = {
  /** What has been read so far. */
  readonly requests: readonly LoggedRequest[]
  stop(): void
}

/** Collects the lines of requests from now on (log level `info`). */
export function readLog({ child }: Service): LogReader {
  const requests: LoggedRequest[] = []
  let rest = ''
  const read = (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (!line.startsWith('{')) continue
      const { msg, route, status, ms } = JSON.parse(line) as LoggedRequest & { readonly msg: string }
      if (msg === 'request') requests.push({ route, status, ms })
    }
  }
  child.stderr?.on('data', read)
  return { requests, stop: () => void child.stderr?.off('data', read) }
}
