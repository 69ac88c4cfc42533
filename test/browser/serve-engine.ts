import { afterAll, beforeAll } from 'vitest'
import type { SearchEngine } from '../../src/engine.js'
import { createHttpServer } from '../../src/http/create-http-server.js'
import { memoryLogger } from '../http/serve.js'

/** A service over an engine, in this process, on a free port or the one that is named. */
export function serveEngine(engine: SearchEngine, port = 0) {
  const drainTimes = { settleMs: 0, streamsMs: 20, requestsMs: 40 }
  const server = createHttpServer({ engine, logger: memoryLogger(), allowedHosts: [], drainTimes })
  return server.listen('127.0.0.1', port)
}

/** The same for all tests of a file or suite; gives its address once they run. */
export function useEngine(engine: SearchEngine): () => string {
  let running: Awaited<ReturnType<typeof serveEngine>> | undefined
  beforeAll(async () => {
    running = await serveEngine(engine)
  })
  afterAll(() => running?.close())
  return () => running?.url ?? ''
}
