import { generatorProvider } from '../../config.js'
import type { SearchEngine } from '../../engine.js'
import { type ErrorCode, toGemdexError } from '../../errors.js'
import { isLoopback, refuseUnsafeHost } from '../../http/guards.js'
import { createLogger, type Logger } from '../../logger.js'
import type { Metrics } from '../../metrics.js'
import { type Context, damageNotice, noteIfLexical } from '../context.js'
import { DONE, INTERRUPTED } from '../exit-code.js'
import type { ExitCode } from '../io.js'

const NOT_WRITABLE: readonly ErrorCode[] = ['STORE_CORRUPT', 'STORE_READ_ONLY', 'STORE_FULL']

/** `serve`: until Ctrl-C or SIGTERM. `create` makes an empty index when there is none. */
export async function serve(context: Context, { create }: { readonly create: boolean }): Promise<ExitCode> {
  const metrics = await openMetrics()
  const { observer } = metrics
  const logger = openLog(context)
  const onDamage = (damage: string) =>
    logger.error({ code: 'STORE_CORRUPT', message: damageNotice(damage) }, 'index damaged')
  return context.withEngine({ ifMissing: create ? 'create' : 'fail', observer, onDamage }, async (engine) => {
    await refuseToServe(context, engine)
    noteIfLexical(context, (await engine.modelsInUse()).embedder?.provider)
    return serveEngine(context, engine, metrics, logger)
  })
}

/** Throws BAD_CONFIG when the address is open to others and no key is needed. */
export async function refuseToServe({ config }: Context, { keys }: SearchEngine): Promise<void> {
  refuseUnsafeHost(config.host, await keys.isInUse())
}

/** Loaded when needed, like everything of the service: it would cost every other verb a quarter of its start. */
export async function openMetrics(): Promise<Metrics> {
  const { createMetrics } = await import('../../metrics.js')
  return createMetrics()
}

/** Serves an open engine. Gives 130 when Ctrl-C ended it, 0 for SIGTERM. */
export async function serveEngine(
  context: Context,
  engine: SearchEngine,
  metrics: Metrics,
  logger = openLog(context),
): Promise<ExitCode> {
  const { config, io, installation } = context
  const [{ createHttpServer }, { createMcpEndpoint }] = await Promise.all([
    import('../../http/create-http-server.js'),
    import('../../mcp/http-endpoint.js'),
  ])
  const { version } = installation
  const embedsHere = (await engine.modelsInUse()).provider === 'local'
  const server = createHttpServer({
    engine,
    logger,
    metrics,
    version,
    mcp: createMcpEndpoint({ version }),
    allowedHosts: config.allowedHosts ?? [],
    corsOrigins: config.corsOrigins ?? [],
    trustedProxies: config.trustedProxies ?? [],
    embedsHere,
    warmsUp: true,
    answersHere: embedsHere && generatorProvider(config) === 'local',
    ...(config.keyRpm === undefined ? {} : { keyRpm: config.keyRpm }),
  })
  const { url, close } = await server.listen(config.host, config.port)
  io.out.write(`Serving ${url} (Ctrl-C ends it)\n`)
  if (!isLoopback(config.host.toLowerCase())) {
    const names = 'names that clients use for this machine must be listed in GEMDEX_ALLOWED_HOSTS'
    context.note(context.errStyle.dim(`Others may reach it at ${config.host}, with a key; ${names}.`))
  }
  try {
    await resumeJobs(engine, logger)
    await aborted(io.signal)
  } finally {
    // Jobs first: what they have begun is written while requests end.
    await Promise.all([engine.jobs.close(), close()])
  }
  return io.signal.reason === 'SIGTERM' ? DONE : INTERRUPTED
}

/** An index that cannot be written just now is searched all the same; its jobs wait for the next start. */
async function resumeJobs({ jobs }: SearchEngine, logger: Logger): Promise<void> {
  try {
    await jobs.resume()
  } catch (thrown) {
    const { code, message } = toGemdexError(thrown)
    if (!NOT_WRITABLE.includes(code)) throw thrown
    logger.warn({ code, message }, 'jobs not resumed')
  }
}

function openLog({ config, io }: Context): Logger {
  return createLogger(config.logLevel, { write: (line) => io.err.write(line) })
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
