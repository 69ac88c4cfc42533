// Kills the program at random moments while it indexes, and looks at what is left: npm run kill-index [-- --kills 50]
//
// The built program indexes generated files against a local embedding service that counts each text. After every kill
// each document in the index must be whole; in the end every file must be there. Prints how often texts were sent again.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { loadConfig, openEngine } from '#dist/index.js'

const FILES = 2000
const SECTIONS = 10
const CONCURRENCY = 4
const BATCH = 100
const LATENCY_MS = 300
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
})
const kills = Number(values.kills)
let seed = Number(values.seed)
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

const folder = mkdtempSync(join(tmpdir(), 'gemdex-kill-'))
const sent = new Map<string, number>()
const service = createServer(async (request, response) => {
  const { requests } = JSON.parse(await bodyOf(request)) as {
    requests: { content: { parts: { text: string }[] } }[]
  }
  const texts = requests.map(({ content }) => content.parts.map(({ text }) => text).join(''))
  for (const text of texts) sent.set(text, (sent.get(text) ?? 0) + 1)
  await sleep(LATENCY_MS)
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ embeddings: texts.map((text) => ({ values: vectorOf(text) })) }))
})
await new Promise<void>((resolve) => service.listen(0, '127.0.0.1', resolve))
const env = {
  PATH: process.env.PATH ?? '',
  HOME: folder,
  GEMDEX_DB: join(folder, 'index.db'),
  GOOGLE_API_KEY: 'kill-index',
  GEMINI_BASE_URL: `http://127.0.0.1:${(service.address() as AddressInfo).port}`,
  GEMDEX_CONCURRENCY: String(CONCURRENCY),
  GEMDEX_EMBED_RPM: 'none',
  GEMDEX_EMBED_TPM: 'none',
  GEMDEX_EMBED_RPD: 'none',
  GEMDEX_DIMENSIONS: '128',
}
try {
  writeFiles(join(folder, 'files'))
  let done = 0
  for (; done < kills; done++) {
    const child = startIndexing()
    const ended = new Promise<boolean>((resolve) => child.once('exit', (code) => resolve(code !== null)))
    await sleep(350 + random() * 900)
    child.kill('SIGKILL')
    if (await ended) throw new Error(`The run ended before kill ${done + 1}; give it more files`)
    await checkWhole()
  }
  await new Promise((resolve) => startIndexing().once('exit', resolve))
  const { documents, chunks } = await checkWhole()
  const again = [...sent.values()].reduce((sum, times) => sum + times - 1, 0)
  console.log(
    `kills ${done}, seed ${values.seed}; files ${documents} of ${FILES} complete, passages ${chunks}`,
  )
  console.log(
    `texts sent again: ${again} of ${sent.size}; bound ${kills * CONCURRENCY * BATCH} (kills x concurrency x batch)`,
  )
  if (documents !== FILES) process.exitCode = 1
} finally {
  service.close()
  rmSync(folder, { recursive: true })
}

function startIndexing(): ChildProcess {
  return spawn(process.execPath, ['dist/main.js', 'index', join(folder, 'files')], { env, stdio: 'ignore' })
}

/** Every document in the index has all its passages, each with its vector, and is found by a word of its own. */
async function checkWhole(): Promise<{ documents: number; chunks: number }> {
  const engine = openEngine(loadConfig({ env, cwd: folder }), { ifMissing: 'create' })
  try {
    let after: string | undefined
    do {
      const page = await engine.listDocuments({ limit: 500, ...(after === undefined ? {} : { after }) })
      for (const { uri, embedded, expected } of page.items) {
        if (expected !== SECTIONS || embedded !== expected)
          throw new Error(`${uri} has ${embedded} of ${SECTIONS} passages`)
      }
      const some = page.items[Math.floor(random() * page.items.length)]
      if (some !== undefined) {
        const { hits } = await engine.search({
          query: `mark${some.uri.replace(/\D/g, '')}x`,
          mode: 'keyword',
          full: true,
          limit: 50,
        })
        if (hits.length !== SECTIONS)
          throw new Error(`${some.uri}: ${hits.length} of ${SECTIONS} passages are found`)
      }
      after = page.next
    } while (after !== undefined)
    return await engine.status()
  } finally {
    await engine.close()
  }
}

function writeFiles(path: string): void {
  mkdirSync(path, { recursive: true })
  for (let file = 0; file < FILES; file++) {
    const sections = Array.from({ length: SECTIONS }, (_, i) => {
      const words = Array.from({ length: 130 }, () => `w${Math.floor(20_000 ** random()).toString(36)}`).join(
        ' ',
      )
      return `## Section ${i} of ${file}\n\nmark${file}x ${words}.\n`
    })
    writeFileSync(join(path, `document-${file}.md`), `# Document ${file}\n\n${sections.join('\n')}`)
  }
}

function vectorOf(text: string): number[] {
  const vector = Array.from({ length: 128 }, () => 0.01)
  for (let i = 0; i < text.length; i++) vector[(text.charCodeAt(i) * 31 + i) % 128] = text.charCodeAt(i) / 128
  return vector
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}
