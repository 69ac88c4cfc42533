import { restrictEngine } from '../../access/restrict-engine.js'
import { ALL_RIGHTS } from '../../access/rights.js'
import type { Context } from '../context.js'
import { DONE, INTERRUPTED } from '../exit-code.js'
import type { ExitCode } from '../io.js'

export type McpFlags = { readonly collection?: readonly string[] }

/** `mcp`: until the client leaves. Nothing but the protocol goes to standard output. */
export async function mcp(context: Context, { collection }: McpFlags): Promise<ExitCode> {
  const { io, installation } = context
  const { serveStdio } = await import('../../mcp/serve-stdio.js')
  return context.withEngine({ ifMissing: 'fail' }, async (engine) => {
    const rights = collection === undefined ? ALL_RIGHTS : { ...ALL_RIGHTS, collections: collection }
    await serveStdio({
      engine: restrictEngine(engine, rights),
      version: installation.version,
      input: io.stdin,
      write: (text) => io.out.write(text),
      signal: io.signal,
    })
    return io.signal.reason === 'SIGINT' ? INTERRUPTED : DONE
  })
}
