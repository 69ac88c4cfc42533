import type { SearchEngine } from '../engine.js'
import type { Metrics } from '../metrics.js'
import type { Lane } from './lane.js'
import type { McpEndpoint } from './mcp-endpoint.js'

export type Measured = {
  readonly engine: SearchEngine
  readonly lanes: Readonly<Record<string, Lane>>
  readonly mcp?: McpEndpoint
}

/** Has a service's own sizes read whenever its metrics are asked for. */
export function measureService(metrics: Metrics, { engine, lanes, mcp }: Measured): void {
  const ofLanes = (read: (lane: Lane) => number) => () =>
    Object.fromEntries(Object.entries(lanes).map(([name, lane]) => [name, read(lane)]))
  metrics.gauge(
    { name: 'requests_active', help: 'Requests being served, by kind of work', label: 'lane' },
    ofLanes(({ active }) => active),
  )
  metrics.gauge(
    { name: 'requests_waiting', help: 'Requests waiting for their turn, by kind of work', label: 'lane' },
    ofLanes(({ waiting }) => waiting),
  )
  metrics.gauge(
    { name: 'requests_refused', help: 'Requests refused since the start as too many waited', label: 'lane' },
    ofLanes(({ refused }) => refused),
  )
  metrics.gauge({ name: 'mcp_sessions', help: 'Open MCP sessions' }, () => mcp?.sessions ?? 0)
  metrics.gauge({ name: 'index_readable', help: '1 while the index can be read' }, () =>
    engine.listDocuments({ limit: 1 }).then(
      () => 1,
      () => 0,
    ),
  )
  metrics.gauge(
    { name: 'index_damaged', help: '1 when the index was found damaged after an unclean stop' },
    async () => ((await engine.status()).damage === undefined ? 0 : 1),
  )
  metrics.gauge({ name: 'index', help: 'What the index holds', label: 'of' }, async () => {
    const { documents, chunks, embedded, expected } = await engine.status()
    return { documents, passages: chunks, vectors: embedded, expected_vectors: expected }
  })
  metrics.gauge({ name: 'index_bytes', help: 'Size of the index', label: 'file' }, async () => {
    const { sizeBytes, walBytes } = await engine.status()
    return { main: sizeBytes, wal: walBytes }
  })
  metrics.gauge({ name: 'jobs', help: 'Indexing jobs, by state', label: 'state' }, async () => {
    const counts: Record<string, number> = { queued: 0, running: 0, interrupted: 0 }
    for (const { state } of await engine.jobs.list(200)) counts[state] = (counts[state] ?? 0) + 1
    return counts
  })
}
