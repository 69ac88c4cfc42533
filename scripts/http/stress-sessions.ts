import { createHash } from 'node:crypto'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createCaller, percentile } from './call-service.js'
import { startService } from './start-service.js'

const CLIENTS = 50
const CALLS = 100
const LOOKS = 1_000

const KEYS = { one: 'stress-key-one', other: 'stress-key-other' }

/** MCP clients at once, each with a document of its own; then how long foreign and unknown conversations take to be refused. */
export async function stressSessions(env: Readonly<Record<string, string>>): Promise<boolean> {
  const settings = Object.entries(KEYS).map(([name, key]) => `${name}:admin:${hashOf(key)}`)
  const service = await startService({
    ...env,
    GEMDEX_API_KEYS: settings.join(','),
    GEMDEX_KEY_RPM: '1000000',
  })
  const caller = createCaller(service.port, 8)
  const as = (key: string) => ({ authorization: `Bearer ${key}` })
  // Letters only: of words with digits the parts are found too.
  const mark = (number: number) =>
    hashOf(String(number))
      .slice(0, 14)
      .replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '')
  for (let i = 0; i < CLIENTS; i++) {
    const body = { uri: `marks/${i}.md`, text: `The word of number ${i} is ${mark(i)}.` }
    await caller.call('/v1/documents', { body, headers: as(KEYS.one) })
  }
  let crossed = 0
  const client = async (number: number) => {
    const mcp = new Client({ name: `client ${number}`, version: '1.0.0' })
    const requestInit = { headers: as(KEYS.one) }
    const transport = new StreamableHTTPClientTransport(new URL('/mcp', service.url), { requestInit })
    await mcp.connect(transport as Parameters<Client['connect']>[0])
    for (let i = 0; i < CALLS; i++) {
      const given = await mcp.callTool({
        name: 'search',
        arguments: { query: mark(number), mode: 'keyword' },
      })
      const { results } = given.structuredContent as { results: { uri: string }[] }
      if (results.length !== 1 || results[0]?.uri !== `marks/${number}.md`) crossed++
    }
    await mcp.close()
  }
  await Promise.all(Array.from({ length: CLIENTS }, (_, i) => client(i)))
  const made = await caller.call('/v1/sessions', { body: { title: 'Mine' }, headers: as(KEYS.one) })
  const { id } = JSON.parse(made.body) as { id: string }
  const foreign: number[] = []
  const unknown: number[] = []
  const statuses = new Set<number>()
  for (let i = 0; i < LOOKS; i++) {
    for (const [times, wanted] of [
      [foreign, id],
      [unknown, id.replace(/^./, (first) => (first === '0' ? '1' : '0'))],
    ] as const) {
      const { status, ms } = await caller.call(`/v1/sessions/${wanted}`, { headers: as(KEYS.other) })
      statuses.add(status)
      times.push(ms)
    }
  }
  caller.close()
  await service.stop()
  const ratio = percentile(foreign, 0.5) / percentile(unknown, 0.5)
  console.log(
    `sessions: ${crossed} crossed answers of ${CLIENTS * CALLS} to ${CLIENTS} MCP clients; foreign and unknown conversations: statuses ${[...statuses].join(', ')}, median times ${ratio.toFixed(2)} to 1 (0.8 to 1.2)`,
  )
  return crossed === 0 && [...statuses].join() === '404' && ratio > 0.8 && ratio < 1.2
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}
