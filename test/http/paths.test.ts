import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { loadConfig, openEngine } from '../../src/index.js'
import { createMcpEndpoint } from '../../src/mcp/http-endpoint.js'
import { tempFolder } from '../files/temp-folder.js'
import { callTool, connectClient } from '../mcp/clients.js'
import { post, serve } from './serve.js'

/** Names that lead elsewhere, on some system or other, in every place of the service that takes a name or a path. */

const SECRET = 'marzipan-in-the-safe'
const NAMES = [
  '../outside/secret.md',
  '../../outside/secret.md',
  'docs/../../outside/secret.md',
  './../outside/secret.md',
  '..',
  '.',
  '../',
  '..\\outside\\secret.md',
  '..\\..\\outside\\secret.md',
  '%2e%2e/outside/secret.md',
  '%2e%2e%2foutside%2fsecret.md',
  '..%2foutside%2fsecret.md',
  '..%5coutside%5csecret.md',
  '%252e%252e%252foutside%252fsecret.md',
  '..%c0%af..%c0%afoutside',
  '\u002e\u002e\u2215outside\u2215secret.md',
  '\uff0e\uff0e/outside/secret.md',
  'a.md\0',
  'a.md%00.txt',
  '\0',
  '/etc/passwd',
  '//etc/passwd',
  '/proc/self/environ',
  '/dev/stdin',
  'BASE/outside/secret.md',
  'file://BASE/outside/secret.md',
  'C:\\Windows\\win.ini',
  'C:/Windows/win.ini',
  'c:secret.md',
  '\\\\server\\share\\x',
  '\\\\?\\C:\\x',
  '//server/share/x',
  'link/secret.md',
  'link',
  '~/secret.md',
  '$HOME/secret.md',
  'a.md::$DATA',
  'a.md:stream',
  'CON',
  'x'.repeat(5_000),
  'a/'.repeat(600),
  '\u202e/dm.terces',
]

async function openFolders() {
  const base = await tempFolder({
    'docs/a.md': '# Apples\n\nApples grow on trees.\n',
    'outside/secret.md': `# Secret\n\nThe word is ${SECRET}.\n`,
  })
  symlinkSync(join(base, 'outside'), join(base, 'docs/link'))
  const env = {
    HOME: base,
    GEMDEX_DB: join(base, 'index/index.db'),
    GEMDEX_ALLOWED_ROOTS: join(base, 'docs'),
  }
  const engine = openEngine(loadConfig({ env, cwd: base, flags: {} }), { ifMissing: 'create' })
  onTestFinished(() => engine.close())
  await engine.index({ path: join(base, 'docs') })
  return { base, engine }
}

/** What lies in the folder, but for the index. */
function snapshot(base: string): string {
  const hash = createHash('sha256')
  const visit = (path: string) => {
    for (const name of readdirSync(path).toSorted()) {
      const each = join(path, name)
      if (each === join(base, 'index')) continue
      const stat = statSync(each)
      hash.update(`${each} ${stat.mtimeMs} ${stat.isDirectory() ? '' : readFileSync(each, 'utf8')}\n`)
      if (stat.isDirectory()) visit(each)
    }
  }
  visit(base)
  return hash.digest('hex')
}

test(`${NAMES.length} names lead nowhere, whatever takes them`, async () => {
  const { base, engine } = await openFolders()
  const before = snapshot(base)
  const { url } = await serve(engine, { mcp: createMcpEndpoint({ version: '1' }), keyRpm: 100_000 })
  const { client } = await connectClient(url)
  const answers: string[] = []
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}${path}`, init)
    answers.push(await response.text())
    expect([path.slice(0, 200), response.status]).not.toEqual([path.slice(0, 200), 500])
    return response.status
  }
  for (const given of NAMES) {
    const name = given.replace('BASE', base)
    const id = encodeURIComponent(name)
    for (const way of [id, name.replaceAll(/[\0-\x20\u007f-\uffff]/g, encodeURIComponent)]) {
      for (const route of [`documents/${way}`, `documents/${way}/content`, `documents/${way}/similar`])
        await ask(`/v1/${route}`)
      for (const route of [
        `documents/${way}`,
        `sessions/${way}`,
        `jobs/${way}`,
        `collections/${way}`,
        `collections/docs?folder=${way}`,
      ])
        await ask(`/v1/${route}`, { method: 'DELETE' })
      await ask(`/docs/${way}`)
      await ask(`/v1/search?q=apples&collection=${way}`)
    }
    const taken = await ask(`/v1/documents?uri=${id}`, { method: 'PUT', body: 'Some text.' })
    // What is only a strange label may be one.
    if (taken === 201) await engine.removeDocument(name)
    answers.push(await (await post(`${url}/v1/index`, { path: name, collection: 'x' })).text())
    answers.push(
      await (await post(`${url}/v1/documents`, { uri: 'a.md', text: 'x', collection: name })).text(),
    )
    for (const tool of ['fetch', 'similar'])
      answers.push(JSON.stringify(await callTool(client, tool, { id: name.slice(0, 4_000) })))
    const resource = client.readResource({ uri: `gemdex://documents/${name}` })
    answers.push(JSON.stringify(await resource.catch((error: Error) => error.message)))
    for (const method of ['getDocument', 'similar', 'removeDocument'] as const)
      await expect(engine[method](name.replace(`${base}/docs`, ''))).rejects.toMatchObject({
        code: 'NOT_FOUND',
      })
  }
  for (const answer of answers) {
    expect(answer).not.toContain(SECRET)
    expect(answer).not.toMatch(/root:x:|GEMDEX_DB|\[fonts\]/)
  }
  expect(snapshot(base)).toBe(before)
  expect((await engine.search({ query: SECRET })).hits).toEqual([])
  // "." is the allowed folder itself, which a job may have indexed once more.
  const { hits } = await engine.search({ query: 'apples' })
  expect(new Set(hits.map(({ uri }) => uri))).toEqual(new Set(['a.md']))
}, 120_000)
