import { type Readable, Writable } from 'node:stream'
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js'
import { createMcpServer, type McpServerDependencies } from './create-mcp-server.js'

export type StdioOptions = McpServerDependencies & {
  readonly input: Readable
  readonly write: (text: string) => void
  readonly signal: AbortSignal
}

/** Serves the one client at the other end of standard input and output, until it leaves or the signal aborts. */
export async function serveStdio({ input, write, signal, ...dependencies }: StdioOptions): Promise<void> {
  const output = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      write(chunk.toString())
      done()
    },
  })
  const server = createMcpServer(dependencies)
  await server.connect(new StdioServerTransport(input, output))
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
    input.once('end', resolve).once('close', resolve)
  })
  await server.close()
}
