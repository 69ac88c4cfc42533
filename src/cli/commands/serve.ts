import type { SearchEngine } from '../../engine.js'
import { refuseUnsafeHost } from '../../http/guards.js'
import { createLogger } from '../../logger.js'
import { type Context, noteIfLexical } from '../context.js'
import { DONE, INTERRUPTED } from '../exit-code.js'
import type { ExitCode } from '../io.js'

/** Throws BAD_CONFIG when the address is open to others. */
export { refuseUnsafeHost as refuseToServe } from '../../http/guards.js'

/** `serve`: until Ctrl-C or SIGTERM. */
export async function serve(context: Context): Promise<ExitCode> {
  refuseUnsafeHost(context.config.host)
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    noteIfLexical(context, (await engine.status()).embedder?.provider)
    return serveEngine(context, engine)
  })
}

/** Serves an open engine. Gives 130 when Ctrl-C ended it, 0 for SIGTERM. */
export async function serveEngine(context: Context, engine: SearchEngine): Promise<ExitCode> {
  const { config, io } = context
  // Loaded here, since the web framework costs every other verb a quarter of its start.
  const { createHttpServer } = await import('../../http/create-http-server.js')
  const logger = createLogger(config.logLevel, { write: (line) => io.err.write(line) })
  const server = createHttpServer({ engine, logger, allowedHosts: [], version: context.installation.version })
  const { url, close } = await server.listen(config.host, config.port)
  io.out.write(`Serving ${url} (Ctrl-C ends it)\n`)
  await aborted(io.signal)
  await close()
  return io.signal.reason === 'SIGTERM' ? DONE : INTERRUPTED
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
