import { existsSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import { readable } from './documents.js'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()

beforeAll(async () => {
  box.write(readable)
  await box.cli(['index', box.path('docs')])
})

async function search(url: string, query: string): Promise<{ hits: { uri: string }[] }> {
  const response = await fetch(`${url}/v1/search?mode=keyword&q=${encodeURIComponent(query)}`)
  expect(response.status).toBe(200)
  return (await response.json()) as { hits: { uri: string }[] }
}

describe('gemdex serve', () => {
  it('answers over HTTP and sees what another process indexes at its next search', async () => {
    const server = await box.serve()
    expect((await search(server.url, 'pump')).hits.map(({ uri }) => uri)).toEqual(['heating.md'])
    expect((await search(server.url, 'marmalade')).hits).toEqual([])

    box.write({ 'docs/jam.txt': 'Marmalade is made of bitter oranges.\n', 'docs/bread.txt': 'no more\n' })
    expect((await box.run(['index', 'docs'])).stdout).toMatch(/2 indexed, 2 unchanged/)
    expect((await search(server.url, 'marmalade')).hits.map(({ uri }) => uri)).toEqual(['jam.txt'])
    expect((await search(server.url, 'sourdough')).hits).toEqual([])

    await box.cli(['remove', 'jam.txt'])
    expect((await search(server.url, 'marmalade')).hits).toEqual([])
    expect((await server.stop('SIGTERM')).code).toBe(0)
  })

  it('exits with 130 on Ctrl-C, and says that it is lexical', async () => {
    const server = await box.serve()
    const { code, stdout, stderr } = await server.stop('SIGINT')
    expect(code).toBe(130)
    expect(stdout).toBe(`Serving ${server.url} (Ctrl-C ends it)\n`)
    expect(stderr).toMatch(/this compares words, not meaning/)
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('exits with 2 when the port is taken, and names it', async () => {
    const server = await box.serve()
    const { port } = new URL(server.url)
    const second = await box.run(['serve', '--port', port])
    expect(second).toMatchObject({ code: 2, stdout: '' })
    expect(second.stderr).toMatch(new RegExp(`127\\.0\\.0\\.1:${port} is taken[\\s\\S]*--port`))
    await server.stop('SIGTERM')
  })
})

describe('gemdex demo', () => {
  it('indexes a folder, prints hits and a cited answer, then serves until Ctrl-C', async () => {
    const own = box.fresh()
    own.write(readable)
    const demo = own.start(['demo', 'docs', '--port', '0'])
    const [, url = ''] = await demo.waitFor(/^Serving (http:\S+)/m)
    expect((await search(url, 'pump')).hits.map(({ uri }) => uri)).toEqual(['heating.md'])
    const { code, stdout, stderr } = await demo.stop('SIGINT')
    expect(code).toBe(130)
    expect(stdout).toMatch(/^docs: 3 indexed/)
    expect(stdout).toMatch(/\nQuestion What is \S.* about\?\n\nHits\n1\. /)
    expect(stdout).toMatch(/\nAnswer\n\S.*\[1\]\n(.*\n)*\nSources\n {2}\[1\] \S/)
    expect(stdout).toContain('\nTry it yourself: gemdex --db .gemdex/demo-local.db search "..."')
    expect(stderr).toMatch(/built-in lexical provider/)
    expect(existsSync(own.path('.gemdex/demo-local.db'))).toBe(true)
  })

  it('shows the sample documents when no folder is named, and takes a question', async () => {
    const own = box.fresh()
    const question = 'When is mountain rescue alerted after a missed check-in?'
    const env = { npm_lifecycle_event: 'start' }
    const demo = own.start(['--db', 'my demo.db', 'demo', '--port', '0', '--question', question], { env })
    await demo.waitFor(/^Serving http:/m)
    const { stdout } = await demo.stop('SIGTERM')
    expect(stdout).toMatch(/^sample: \d+ indexed/)
    expect(stdout).toContain(`Question ${question}`)
    expect(stdout).toContain(`Try it yourself: node dist/main.js --db 'my demo.db' search`)
    expect(stdout).toMatch(/\n {2}\[1\] .* verified\n/)
  })
})
