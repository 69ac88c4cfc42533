import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from '../../src/api/client.js'
import { faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { parseEvents } from '../http/serve.js'
import { readable } from './documents.js'
import { createSandbox, type Environment, PROGRAM, type Running } from './run-gemdex.js'

const box = createSandbox()
let gemini: GeminiServer
let env: Environment

beforeAll(async () => {
  gemini = await startGeminiServer()
  env = {
    GOOGLE_API_KEY: gemini.apiKey,
    GEMINI_BASE_URL: gemini.url,
    GEMDEX_EMBED_RPM: 'none',
    GEMDEX_EMBED_TPM: 'none',
    GEMDEX_EMBED_RPD: 'none',
    GEMDEX_ALLOWED_ROOTS: box.folder,
  }
  box.write(readable)
  for (let i = 0; i < 30; i++)
    box.write({ [`many/${i}.md`]: `# Number ${i}\n\nThis is about the number ${i}.\n` })
  await box.cli(['index', box.path('docs')], { env })
})
afterAll(() => gemini.close())

/** Embedding requests are never answered from now on. */
const hangEmbedding = () =>
  gemini.failNext(faults.hang(), { match: 'batchEmbedContents', times: Number.POSITIVE_INFINITY })

async function startJob(server: Running & { readonly url: string }) {
  const client = createClient({ baseUrl: server.url })
  const job = await client.jobs.start({ path: box.path('many') })
  const toRead = async () => (await client.jobs.get(job.id)).progress.toRead
  await expect.poll(toRead, { timeout: 20_000 }).toBe(30)
  return { client, job }
}

describe('a job', () => {
  it('is interrupted by SIGTERM, and done after the next start', async () => {
    gemini.reset()
    const first = await box.serve({ env })
    hangEmbedding()
    const { job } = await startJob(first)
    const { code } = await first.stop('SIGTERM')
    expect(code).toBe(0)
    gemini.reset()
    const second = await box.serve({ env })
    const client = createClient({ baseUrl: second.url })
    let last = await client.jobs.get(job.id)
    for await (const state of client.jobs.follow(job.id)) last = state
    expect(last).toMatchObject({ state: 'done', report: { indexed: 30 } })
    expect((await client.search({ query: 'number 17', collection: 'many' })).hits.length).toBeGreaterThan(0)
    await client.jobs.start({ path: box.path('many') })
    await second.stop('SIGTERM')
  })

  it('survives kill -9', async () => {
    gemini.reset()
    const own = createClientsOwn('killed')
    const first = await box.serve({ env: own.env })
    hangEmbedding()
    const { job } = await startJob(first)
    await first.stop('SIGKILL')
    gemini.reset()
    const second = await box.serve({ env: own.env })
    const client = createClient({ baseUrl: second.url })
    await expect.poll(async () => (await client.jobs.get(job.id)).state, { timeout: 20_000 }).toBe('done')
    expect((await client.documents.list({ collection: 'many' })).total).toBe(30)
    await second.stop('SIGTERM')
  })

  it('is ended by its DELETE, and what it has indexed stays', async () => {
    gemini.reset()
    const own = createClientsOwn('cancelled')
    const server = await box.serve({ env: own.env })
    hangEmbedding()
    const { client, job } = await startJob(server)
    expect((await client.jobs.cancel(job.id)).state).toBe('cancelled')
    gemini.reset()
    const again = await client.jobs.start({ path: box.path('many') })
    await expect.poll(async () => (await client.jobs.get(again.id)).state, { timeout: 20_000 }).toBe('done')
    await server.stop('SIGTERM')
  })

  /** An index of its own beside the one of the sandbox. */
  function createClientsOwn(name: string) {
    return { env: { ...env, GEMDEX_DB: box.path(`${name}.db`) } }
  }

  beforeAll(async () => {
    for (const name of ['killed', 'cancelled'])
      await box.cli(['index', box.path('docs')], { env: { ...env, GEMDEX_DB: box.path(`${name}.db`) } })
  })
})

describe('SIGTERM', () => {
  it('is told by readiness at once, lets requests end, and gives streams a closing event', async () => {
    gemini.reset()
    const server = await box.serve({ env })
    // The model thinks for ever; the stream has begun with what was found.
    gemini.failNext(faults.hang(), { match: 'streamGenerateContent', times: Number.POSITIVE_INFINITY })
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
    const body = JSON.stringify({ question: 'Who installed the heat pump?' })
    const stream = await fetch(`${server.url}/v1/ask`, { method: 'POST', headers, body })
    expect(stream.status).toBe(200)
    // Each on a connection of its own: an answer begun before the signal may end the one it came on.
    const ready = async () =>
      (await fetch(`${server.url}/readyz`, { headers: { connection: 'close' } })).status
    expect(await ready()).toBe(200)
    const stopping = server.stop('SIGTERM')
    await expect.poll(ready, { interval: 1 }).toBe(503)
    const events = parseEvents(await stream.text())
    expect(events[0]?.event).toBe('sources')
    expect(events.at(-1)).toMatchObject({ event: 'error', data: { error: { code: 'UNAVAILABLE' } } })
    expect((await stopping).code).toBe(0)
  })

  it('ends it though nobody reads its log', async () => {
    const child = spawn(process.execPath, [PROGRAM, 'serve', '--create', '--port', '0'], {
      env: { PATH: process.env.PATH, HOME: box.folder, GEMDEX_DB: box.path('unread.db') },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [text] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
    const url = /http:\S+/.exec(text)?.[0] ?? ''
    // Each leaves some 200 bytes; a pipe holds 64 kB, and a pair of sockets some more.
    const headers = { 'x-request-id': 'x'.repeat(64) }
    for (let i = 0; i < 12; i++)
      await Promise.all(
        Array.from({ length: 50 }, async () => (await fetch(`${url}/healthz`, { headers })).text()),
      )
    expect(child.stderr.readableFlowing).toBe(null)
    child.kill('SIGTERM')
    expect(await once(child, 'exit')).toEqual([0, null])
  })

  it('twice ends it at once', async () => {
    gemini.reset()
    const server = await box.serve({ env })
    gemini.failNext(faults.hang(), { match: 'streamGenerateContent', times: Number.POSITIVE_INFINITY })
    const body = JSON.stringify({ question: 'Who installed the heat pump?' })
    const headers = { 'content-type': 'application/json' }
    const answer = fetch(`${server.url}/v1/ask`, { method: 'POST', headers, body }).catch(() => 'cut off')
    await expect
      .poll(() => gemini.requests.some(({ action }) => action === 'streamGenerateContent'), {
        timeout: 20_000,
      })
      .toBe(true)
    void server.stop('SIGTERM')
    await expect
      .poll(async () => (await fetch(`${server.url}/readyz`).catch(() => undefined))?.status ?? 503)
      .toBe(503)
    const { code } = await server.stop('SIGTERM')
    expect(code).toBe(130)
    expect(await answer).toBe('cut off')
    expect((await box.json(['status'], { env })) as object).toMatchObject({ documents: 33 })
  })
})

it.each([
  [{ GEMDEX_PORT: 'http' }, /GEMDEX_PORT must be a whole number/],
  [{ GEMDEX_ALLOWED_HOSTS: 'https://x.example' }, /no host name that can be allowed/],
  [{ GEMDEX_CORS_ORIGINS: '*' }, /GEMDEX_CORS_ORIGINS must be origins/],
  [{ GEMDEX_TRUSTED_PROXIES: 'proxy' }, /GEMDEX_TRUSTED_PROXIES must be IP addresses/],
  [{ GEMDEX_KEY_RPM: '0' }, /GEMDEX_KEY_RPM must be a whole number/],
  [{ GEMDEX_API_KEYS: 'x' }, /GEMDEX_API_KEYS must hold/],
])('a start with %j ends with a message', async (wrong, message) => {
  const { code, stdout, stderr } = await box.cli(['serve'], { env: { ...env, ...wrong } })
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
  expect(stderr).not.toMatch(/\bat .+:\d+:\d+/)
})
