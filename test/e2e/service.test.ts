import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createClient, type GemdexClientError } from '../../src/api/client.js'
import { operations } from '../../src/api/operations.js'
import { extractiveModelId } from '../../src/local/extractive-generator.js'
import { callTool, connectClient } from '../mcp/clients.js'
import { readable } from './documents.js'
import { createSandbox, PROGRAM, type Running } from './run-gemdex.js'

const box = createSandbox()
/** `METHOD /path` of every request that the tests of this file have made, ids and files made plain. */
const asked = new Set<string>()
let server: Running & { readonly url: string }

/** As `fetch`, with a note of what was asked. */
const noted: typeof fetch = (input, init) => {
  const { pathname } = new URL(String(input instanceof Request ? input.url : input))
  const path = pathname
    .replace(/(\/v1\/(?:documents|jobs|sessions(?!\/search)))\/[^/]+/, '$1/:id')
    .replace(/(\/v1\/collections)\/[^/]+/, '$1/:name')
    .replace(/\/(docs|assets)\/.+/, '/$1/:file')
  asked.add(`${(init?.method ?? 'GET').toUpperCase()} ${path}`)
  return fetch(input, init)
}

beforeAll(async () => {
  box.write({ ...readable, 'more/trains.md': '# Trains\n\nThe night train leaves at nine.\n' })
  await box.cli(['index', box.path('docs')])
  server = await box.serve({
    env: { GEMDEX_ALLOWED_ROOTS: box.path('more'), GEMDEX_LOG_LEVEL: 'info', GEMDEX_KEEP_GAPS: 'yes' },
  })
})

describe('the service', () => {
  const client = () => createClient({ baseUrl: server.url, fetch: noted })

  it('says that it lives and is ready, what it can do, and how it is', async () => {
    for (const path of ['/healthz', '/readyz', '/', '/docs', '/docs/start.js', '/openapi.json', '/metrics'])
      expect([path, (await noted(`${server.url}${path}`)).status]).toEqual([path, 200])
    expect(await client().status()).toMatchObject({ documents: 3, provider: 'local' })
    expect((await client().collections()).collections).toMatchObject([{ name: 'docs', documents: 3 }])
    const { data, models } = await client().models()
    expect(data.map(({ id }) => id)).toEqual([extractiveModelId, 'local-lexical-v1'])
    expect(models).toHaveLength(2)
  })

  it('serves the web page with what it loads', async () => {
    const page = await noted(`${server.url}/`, { headers: { accept: 'text/html' } })
    const [script = ''] = /assets\/[\w.-]+\.js/.exec(await page.text()) ?? []
    expect((await noted(`${server.url}/${script}`)).headers.get('content-type')).toMatch('text/javascript')
  })

  it('shows the documents as a whole', async () => {
    expect(['ready', 'computing']).toContain((await client().map()).state)
    expect((await client().duplicates()).documents).toBe(3)
    expect((await client().topics()).documents).toBe(3)
  })

  it('labels texts, and tells how alike two are', async () => {
    const labels = [
      { name: 'heating', examples: ['The heat pump warms the house.'] },
      { name: 'bread', examples: ['Sourdough bread needs flour and time.'] },
    ]
    const { items } = await client().classify({ labels, texts: ['How warm does the heat pump get?'] })
    expect(items).toMatchObject([{ label: 'heating' }])
    expect((await client().similarity(['a heat pump', 'a heat pump'])).similarity).toBeCloseTo(1)
  })

  it('finds passages, both ways', async () => {
    const { hits } = await client().search({ query: 'heat pump', limit: 1, explain: true, full: true })
    expect(hits).toMatchObject([{ uri: 'heating.md', text: expect.stringContaining('Keller') }])
    expect((await noted(`${server.url}/v1/search?q=sourdough&limit=1`)).status).toBe(200)
  })

  it('answers with citations, whole and as events', async () => {
    const question = 'Who installed the heat pump?'
    expect(await client().ask({ question })).toMatchObject({
      status: 'answered',
      citations: [{ uri: 'heating.md', verified: true }],
    })
    const types: string[] = []
    for await (const { type } of client().askEvents({ question })) types.push(type)
    expect([types[0], types.at(-1)]).toEqual(['sources', 'done'])
  })

  it('keeps what it could not answer, until it is forgotten', async () => {
    const { ask, gaps } = client()
    expect((await ask({ question: 'Who feeds the penguins?' })).status).toBe('refused')
    await expect.poll(async () => (await gaps.list()).questions, { timeout: 20_000 }).toBe(1)
    expect(await gaps.forget()).toEqual({ removed: 1 })
    expect((await gaps.list()).questions).toBe(0)
  })

  it('keeps conversations', async () => {
    const { sessions, ask } = client()
    const { id } = await sessions.create({ title: 'Heating' })
    const question = 'Who installed the heat pump?'
    expect(await ask({ question, sessionId: id })).toMatchObject({ status: 'answered', sessionId: id })
    expect((await sessions.get(id)).turns).toMatchObject([{ ordinal: 1, question, status: 'answered' }])
    expect((await sessions.rename(id, 'The pump')).title).toBe('The pump')
    expect((await sessions.list()).sessions).toMatchObject([{ id, title: 'The pump', turns: 1 }])
    expect((await sessions.search('heat pump')).turns).toMatchObject([{ sessionId: id, question }])
    await sessions.remove(id)
    await expect(sessions.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
    await expect(ask({ question, sessionId: id })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await ask({ question })).sessionId).toBeNull()
  })

  it('completes queries and finds similar documents', async () => {
    expect((await client().suggest('heat')).suggestions).toContainEqual({ text: 'Heating', kind: 'heading' })
    const [hit] = (await client().search({ query: 'heat pump', limit: 1 })).hits
    const { documentId, hits } = await client().documents.similar(hit?.id ?? '', { limit: 2 })
    expect(documentId).toBe(hit?.documentId)
    expect(hits.map(({ uri }) => uri)).not.toContain('heating.md')
    expect(hits.length).toBeGreaterThan(0)
  })

  it('takes documents in, finds them at once, and forgets them', async () => {
    const pushed = await client().documents.push({
      uri: 'notes/jam.md',
      text: 'Marmalade is made of bitter oranges.',
      collection: 'notes',
    })
    const bytes = new TextEncoder().encode(
      '<html><title>Plums</title><p>Plums ripen in September.</p></html>',
    )
    await client().documents.put(bytes, { uri: 'plums.html', collection: 'notes', metadata: { year: 2026 } })
    expect((await client().search({ query: 'marmalade' })).hits[0]?.uri).toBe('notes/jam.md')
    const [plums] = (await client().documents.list({ collection: 'notes' })).documents.filter(
      ({ uri }) => uri === 'plums.html',
    )
    expect(plums).toMatchObject({ title: 'Plums', type: 'text/html', metadata: { year: 2026 } })
    const { id = '' } = pushed.documents[0] ?? {}
    expect((await client().documents.get(id)).collection).toBe('notes')
    expect((await client().documents.content('notes/jam.md')).text).toContain('bitter')
    await client().documents.remove(id)
    expect((await client().search({ query: 'marmalade' })).hits).toEqual([])
    await expect(client().documents.get(id)).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
  })

  it('indexes a folder that is allowed, and no other', async () => {
    const job = await client().jobs.start({ path: box.path('more'), collection: 'more' })
    const states: string[] = []
    for await (const { state } of client().jobs.follow(job.id)) states.push(state)
    expect(states.at(-1)).toBe('done')
    expect(await client().jobs.get(job.id)).toMatchObject({ state: 'done', report: { indexed: 1 } })
    expect((await client().jobs.cancel(job.id)).state).toBe('done')
    expect((await client().jobs.list()).jobs).toHaveLength(1)
    expect((await client().search({ query: 'night train' })).hits[0]?.collection).toBe('more')
    for (const path of [box.path('docs'), '/etc', box.path('more/../docs'), 'nothing'])
      await expect(client().jobs.start({ path })).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  it('removes a collection, or what lies below a folder of it', async () => {
    const push = (uri: string) =>
      client().documents.push({ uri, text: `The quince of ${uri}.`, collection: 'fruit' })
    for (const uri of ['a/1.md', 'a/2.md', 'b.md']) await push(uri)
    const counts = { documents: 2, chunks: 2 }
    expect(await client().removeCollection('fruit', { folder: 'a/' })).toEqual({
      removed: { collection: 'fruit', folder: 'a', ...counts },
    })
    expect((await client().search({ query: 'quince' })).hits.map(({ uri }) => uri)).toEqual(['b.md'])
    for (const folder of ['a', 'b.md', '.', 'b.md/..'])
      await expect(client().removeCollection('fruit', { folder })).rejects.toMatchObject({
        code: folder === '.' ? 'BAD_INPUT' : 'NOT_FOUND',
      })
    expect(await client().removeCollection('fruit')).toEqual({
      removed: { collection: 'fruit', documents: 1, chunks: 1 },
    })
    expect((await client().collections()).collections.map(({ name }) => name)).not.toContain('fruit')
    await expect(client().removeCollection('fruit')).rejects.toMatchObject({ code: 'NOT_FOUND', status: 404 })
    // The name is free, at once.
    await push('c.md')
    expect((await client().search({ query: 'quince' })).hits.map(({ uri }) => uri)).toEqual(['c.md'])
    await client().removeCollection('fruit')
  })

  it('speaks the OpenAI protocol', async () => {
    const openai = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', fetch: noted })
    const { data } = await openai.embeddings.create({ model: 'gemdex', input: 'a text' })
    expect(data[0]?.embedding).toHaveLength(1024)
    const messages = [{ role: 'user' as const, content: 'Who installed the heat pump?' }]
    const whole = await openai.chat.completions.create({ model: 'gemdex', messages })
    const { content, annotations } = whole.choices[0]?.message ?? {}
    expect(content).toContain('Keller')
    const url = annotations?.[0]?.url_citation.url ?? ''
    expect(await (await noted(url)).json()).toMatchObject({ uri: 'heating.md' })
    let text = ''
    for await (const { choices } of await openai.chat.completions.create({
      model: 'gemdex',
      messages,
      stream: true,
    }))
      text += choices[0]?.delta.content ?? ''
    expect(text.trim()).toBe(content)
    const ids: string[] = []
    for await (const { id } of openai.models.list()) ids.push(id)
    expect(ids).toEqual([extractiveModelId, 'local-lexical-v1'])
  })

  it('speaks MCP over HTTP', async () => {
    const { client: mcp, transport } = await connectClient(server.url)
    expect((await mcp.listTools()).tools.length).toBeGreaterThan(4)
    const { structuredContent } = await callTool(mcp, 'search', { query: 'heat pump', limit: 1 })
    const { results } = structuredContent as { results: { id: string; url: string }[] }
    const { id = '', url: uri = '' } = results[0] ?? {}
    expect((await callTool(mcp, 'fetch', { id })).structuredContent?.text).toContain('Keller')
    expect((await mcp.readResource({ uri })).contents).toMatchObject([{ uri }])
    const { structuredContent: answer } = await callTool(mcp, 'ask', {
      question: 'Who installed the heat pump?',
    })
    expect(answer).toMatchObject({ status: 'answered', citations: [{ verified: true }] })
    const { structuredContent: near } = await callTool(mcp, 'similar', { id })
    expect(near).toMatchObject({ title: 'Heating', results: expect.any(Array) })
    expect((await callTool(mcp, 'list_collections')).structuredContent).toMatchObject({
      collections: expect.any(Array),
    })
    expect((await callTool(mcp, 'status')).structuredContent).toMatchObject({ documents: expect.any(Number) })
    await transport.terminateSession()
    for (const method of ['POST', 'GET', 'DELETE']) asked.add(`${method} /mcp`)
  })

  it('was asked everything that there is', () => {
    const all = Object.values(operations).map(({ method, path }) => `${method} ${path}`)
    expect(all.filter((name) => !asked.has(name))).toEqual([])
  })

  it('logs each request as JSON, without what was asked', async () => {
    const { code, stderr } = await server.stop('SIGTERM')
    expect(code).toBe(0)
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'))
    expect(lines.length).toBeGreaterThan(20)
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({ time: expect.any(String), requestId: expect.any(String) })
    expect(stderr).not.toMatch(/marmalade|heat pump|night train|jam\.md/)
  })
})

describe('gemdex mcp', () => {
  it('speaks MCP on standard input and output, and ends with its client', async () => {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, 'mcp', '-c', 'docs'],
      cwd: box.folder,
      env: { PATH: process.env.PATH ?? '', HOME: box.path('..', 'home'), GEMDEX_DB: await indexFile() },
      stderr: 'pipe',
    })
    const mcp = new Client({ name: 'test', version: '1' })
    await mcp.connect(transport)
    onTestFinished(() => mcp.close())
    const { tools } = await mcp.listTools()
    expect(tools.map(({ name }) => name)).toContain('search')
    const { structuredContent } = await callTool(mcp, 'search', { query: 'heat pump' })
    expect(structuredContent).toMatchObject({ results: [{ uri: 'heating.md' }] })
    for (const [name, input] of [
      ['fetch', { id: 'heating.md' }],
      ['ask', { question: 'Who installed the heat pump?' }],
      ['similar', { id: 'heating.md' }],
      ['status', {}],
    ] as const)
      expect([name, (await callTool(mcp, name, input)).isError ?? false]).toEqual([name, false])
    // Other collections are not there.
    const { structuredContent: collections } = await callTool(mcp, 'list_collections')
    expect(collections).toMatchObject({ collections: [{ name: 'docs' }] })
    expect((await callTool(mcp, 'search', { query: 'night train', collection: 'more' })).isError).toBe(true)
    expect((await mcp.listPrompts()).prompts).toHaveLength(1)
    const { resources } = await mcp.listResources()
    expect(resources).toHaveLength(3)
    const { pid } = transport
    await mcp.close()
    await expect.poll(() => isRunning(pid)).toBe(false)
  })

  it('without an index says what to do, on standard error', async () => {
    const { code, stdout, stderr } = await box.fresh().run(['mcp'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/no index[\s\S]*gemdex index/)
  })

  async function indexFile(): Promise<string> {
    const status = (await box.json(['status'])) as { db: string }
    return status.db
  }
})

function isRunning(pid: number | null): boolean {
  if (pid === null) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('keys', () => {
  const own = createSandbox()
  let keyed: Running & { readonly url: string }
  let keys: Record<string, string> = {}

  const add = async (...args: readonly string[]) => (await own.cli(['keys', 'add', ...args])).stdout.trim()

  beforeAll(async () => {
    own.write(readable)
    own.write({ 'private/diary.md': '# Diary\n\nThe secret garden is behind the wall.\n' })
    await own.cli(['index', own.path('docs'), own.path('private')])
    keys = {
      reader: await add('reader'),
      docsOnly: await add('docs only', '--scope', 'read', '--scope', 'write', '-c', 'docs', '-c', 'notes'),
      admin: await add('boss', '--scope', 'admin'),
    }
    keyed = await own.serve({ env: { GEMDEX_HOST: '0.0.0.0' } })
  })
  afterAll(async () => {
    await keyed.stop('SIGTERM')
  })

  const as = (name: string) => createClient({ baseUrl: keyed.url, apiKey: keys[name] ?? name })

  it('are printed once, alone on standard output', async () => {
    const { code, stdout, stderr } = await own.run(['keys', 'add', 'another', '--scope', 'write'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^gemdex_[0-9a-f]{12}_[\w-]{43}\n$/)
    expect(stderr).toMatch(/shown this once/)
    const list = await own.cli(['keys', 'list'])
    expect(list.stdout).toMatch(/another .*write/)
    expect(list.stdout).not.toContain(stdout.trim())
    expect(await own.json(['keys', 'list'])).toMatchObject([
      { name: 'reader', scopes: ['read'] },
      { name: 'docs only', scopes: ['read', 'write'], collections: ['docs', 'notes'] },
      { name: 'boss', scopes: ['admin'] },
      { name: 'another', scopes: ['write'] },
    ])
  })

  it('are asked for, and open what their scopes allow', async () => {
    await expect(as('wrong').status()).rejects.toMatchObject({ status: 401, code: 'UNAUTHORIZED' })
    expect((await as('reader').status()).documents).toBe(4)
    await expect(as('reader').documents.push({ uri: 'a.md', text: 'x' })).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('write'),
    })
    const headers = { authorization: `Bearer ${keys.admin}` }
    expect((await fetch(`${keyed.url}/metrics`, { headers })).status).toBe(200)
  })

  it('reach their collections only: others are not told from none', async () => {
    const restricted = as('docsOnly')
    expect((await restricted.collections()).collections.map(({ name }) => name)).toEqual(['docs'])
    expect(await restricted.status()).toMatchObject({ documents: 3, chunks: 3 })
    expect((await restricted.documents.list()).total).toBe(3)
    const { total, points } = await restricted.map()
    expect([total, new Set(points.map(({ collection }) => collection))]).toEqual([3, new Set(['docs'])])
    const faults = async (calls: readonly Promise<unknown>[]) =>
      Promise.all(
        calls.map((call) =>
          call.then(
            () => 'let in',
            ({ status, code, message }: GemdexClientError) => `${status} ${code} ${message}`,
          ),
        ),
      )
    const { documents } = await as('admin').documents.list({ collection: 'private' })
    const diary = documents[0]?.id ?? ''
    const session = await as('admin').sessions.create({ title: 'Secret plans' })
    await as('admin').ask({ question: 'Where is the secret garden?', sessionId: session.id })
    const foreign = await faults([
      restricted.documents.get(diary),
      restricted.documents.content('diary.md'),
      restricted.documents.remove(diary),
      restricted.removeCollection('private'),
      restricted.removeCollection('private', { folder: 'a' }),
      as('reader').removeCollection('private'),
      restricted.search({ query: 'garden', collection: 'private' }),
      restricted.ask({ question: 'Where is the garden?', collection: 'private' }),
      restricted.documents.list({ collection: 'private' }),
      restricted.documents.similar(diary),
      restricted.documents.similar(`${diary}-0`),
      restricted.sessions.get(session.id),
      restricted.sessions.rename(session.id, 'Mine'),
      restricted.sessions.remove(session.id),
      restricted.ask({ question: 'Where is the garden?', sessionId: session.id }),
      as('reader').sessions.get(session.id),
      restricted.documents.push({ uri: 'x.md', text: 'x', collection: 'private' }),
      restricted.documents.push({ uri: 'x.md', text: 'x' }),
    ])
    const unknown = await faults([
      restricted.documents.get('0123456789abcdef'),
      restricted.documents.content('nothing.md'),
      restricted.documents.remove('0123456789abcdef'),
      restricted.removeCollection('nothing'),
      restricted.removeCollection('nothing', { folder: 'a' }),
      as('reader').removeCollection('nothing'),
      restricted.search({ query: 'garden', collection: 'nothing' }),
      restricted.ask({ question: 'Where is the garden?', collection: 'nothing' }),
      restricted.documents.list({ collection: 'nothing' }),
      restricted.documents.similar('0123456789abcdef'),
      restricted.documents.similar('0123456789abcdef-0'),
      restricted.sessions.get('0123456789abcdef01234567'),
      restricted.sessions.rename('0123456789abcdef01234567', 'Mine'),
      restricted.sessions.remove('0123456789abcdef01234567'),
      restricted.ask({ question: 'Where is the garden?', sessionId: '0123456789abcdef01234567' }),
      as('reader').sessions.get('0123456789abcdef01234567'),
      restricted.documents.push({ uri: 'x.md', text: 'x', collection: 'nothing' }),
      restricted.documents.push({ uri: 'x.md', text: 'x', collection: 'pushed' }),
    ])
    const known = [session.id, diary, 'diary.md', 'private']
    const named = [...known, '0123456789abcdef01234567', '0123456789abcdef', 'nothing.md', 'nothing']
    const plain = (faults: readonly string[]) =>
      faults.map((fault) => named.reduce((text, name) => text.replaceAll(name, '…'), fault))
    expect(plain(foreign)).toEqual(plain(unknown))
    expect(foreign.every((fault) => /^(?:404|403) /.test(fault))).toBe(true)
    expect(
      (await restricted.search({ query: 'secret garden wall', collection: 'docs' })).hits,
    ).not.toContainEqual(expect.objectContaining({ collection: 'private' }))
    expect((await restricted.search({ query: 'secret garden wall' })).hits).not.toContainEqual(
      expect.objectContaining({ collection: 'private' }),
    )
    expect((await restricted.search({ query: 'secert' })).corrections).toBeUndefined()
    expect((await as('reader').search({ query: 'secert' })).corrections).toEqual([
      { from: 'secert', to: 'secret' },
    ])
    for (const typed of ['Dia', 'secr']) {
      expect((await as('reader').suggest(typed)).suggestions).not.toEqual([])
      expect((await restricted.suggest(typed)).suggestions).toEqual([])
    }
    expect((await restricted.sessions.list()).total).toBe(0)
    expect((await restricted.sessions.search('secret garden')).turns).toEqual([])
    expect((await as('admin').sessions.search('secret garden')).turns).toHaveLength(1)
    const [heating] = (await restricted.search({ query: 'heat pump', limit: 1 })).hits
    const similar = await restricted.documents.similar(heating?.documentId ?? '')
    expect(similar.hits.map(({ collection }) => collection)).not.toContain('private')
    await restricted.documents.push({ uri: 'x.md', text: 'A note.', collection: 'notes' })
    const headers = { 'x-api-key': keys.docsOnly ?? '' }
    expect((await fetch(`${keyed.url}/metrics`, { headers })).status).toBe(403)
  })

  it('open nothing once they are revoked, though the service runs', async () => {
    const key = await add('short-lived')
    const client = createClient({ baseUrl: keyed.url, apiKey: key })
    expect((await client.status()).documents).toBeGreaterThan(0)
    expect((await own.cli(['keys', 'revoke', 'short-lived'])).stdout).toMatch(/^Revoked the key short-lived/)
    await expect(client.status()).rejects.toMatchObject({ status: 401 })
    expect((await own.cli(['keys', 'list'])).stdout).toMatch(/short-lived .*revoked/)
  })

  it('may be given by the settings', async () => {
    const { stdout, stderr } = await own.cli(['keys', 'add', 'ci', '--no-store'])
    const entry = /GEMDEX_API_KEYS.*: (\S+)\n/.exec(stderr)?.[1] ?? ''
    const fresh = own.fresh()
    fresh.write(readable)
    await fresh.cli(['index', fresh.path('docs')])
    const other = await fresh.serve({ env: { GEMDEX_API_KEYS: entry } })
    expect((await createClient({ baseUrl: other.url, apiKey: stdout.trim() }).status()).documents).toBe(3)
    expect((await fetch(`${other.url}/v1/status`)).status).toBe(401)
    await other.stop('SIGTERM')
    expect((await fresh.cli(['config', 'get'], { env: { GEMDEX_API_KEYS: entry } })).stdout).not.toContain(
      entry,
    )
  })

  it('are needed for an address that others reach', async () => {
    const fresh = own.fresh()
    fresh.write(readable)
    await fresh.cli(['index', fresh.path('docs')])
    const refused = await fresh.run(['serve', '--host', '0.0.0.0', '--port', '0'])
    expect([refused.code, refused.stdout]).toEqual([2, ''])
    expect(refused.stderr).toMatch(/"0\.0\.0\.0" needs an API key[\s\S]*keys add/)
  })

  it('that are no keys are told so', async () => {
    expect(await own.cli(['keys', 'add', 'x', '--scope', 'owner'])).toMatchObject({ code: 2, stdout: '' })
    expect((await own.cli(['keys', 'add', 'reader'])).stderr).toMatch(/There is a key named "reader"/)
    expect((await own.cli(['keys', 'revoke', 'nobody'])).stderr).toMatch(/no key "nobody"/)
    const bad = await own.run(['serve'], { env: { GEMDEX_API_KEYS: 'my-secret-key' } })
    expect(bad.code).toBe(2)
    expect(bad.stderr).not.toContain('my-secret-key')
  })
})

it('serve makes an empty index when it is told to', async () => {
  const fresh = box.fresh()
  expect((await fresh.run(['serve', '--port', '0'])).code).toBe(2)
  const running = await fresh.start(['serve', '--port', '0', '--create'])
  const [, url = ''] = await running.waitFor(/^Serving (http:\S+)/m)
  const client = createClient({ baseUrl: url })
  expect((await client.status()).documents).toBe(0)
  await client.documents.push({ uri: 'a.md', text: 'Apples grow on trees.' })
  expect((await client.search({ query: 'apples' })).hits).toHaveLength(1)
  expect((await running.stop('SIGTERM')).code).toBe(0)
})
