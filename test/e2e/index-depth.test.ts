import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { faults, type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'
import { createSandbox, type Environment, type Sandbox } from './run-gemdex.js'

const world = createSandbox()
/** Long after anything should have happened. */
const GENEROUS_MS = 20_000

/** The files that a search of this process finds, while another one indexes. */
async function find(box: Sandbox, query: string): Promise<string[]> {
  const ran = await box.cli(['search', query, '--mode', 'keyword', '--json'])
  expect([0, 1], ran.stderr).toContain(ran.code)
  return (JSON.parse(ran.stdout) as { hits: { uri: string }[] }).hits.map(({ uri }) => uri)
}

async function untilFound(box: Sandbox, query: string, uris: readonly string[]): Promise<void> {
  const deadline = Date.now() + GENEROUS_MS
  let found = await find(box, query)
  while (found.toSorted().join() !== uris.toSorted().join() && Date.now() < deadline) {
    await wait(50)
    found = await find(box, query)
  }
  expect(found.toSorted(), query).toEqual(uris.toSorted())
}

describe('gemdex index --watch', () => {
  it('brings new, changed, renamed and removed files into the index, until Ctrl-C', async () => {
    const box = world.fresh()
    box.write({ 'd/a.txt': 'apples\n', 'd/b.txt': 'plums\n' })
    const watching = box.start(['index', 'd', '--watch'])
    await watching.waitFor(/^d: 2 indexed/m)
    expect(await find(box, 'apples')).toEqual(['a.txt'])

    box.write({ 'd/new.txt': 'quinces\n', 'd/deep/er/c.txt': 'cherries\n' })
    await untilFound(box, 'quinces', ['new.txt'])
    await untilFound(box, 'cherries', ['deep/er/c.txt'])

    box.write({ 'd/a.txt': 'pears\n' })
    await untilFound(box, 'pears', ['a.txt'])
    expect(await find(box, 'apples')).toEqual([])

    renameSync(box.path('d/b.txt'), box.path('d/deep/renamed.txt'))
    await untilFound(box, 'plums', ['deep/renamed.txt'])

    rmSync(box.path('d/new.txt'))
    await untilFound(box, 'quinces', [])

    const { code, stdout, stderr } = await watching.stop('SIGINT')
    expect(code).toBe(130)
    expect(stderr).toMatch(/^Watching; Ctrl-C ends it\.$/m)
    expect(stdout.match(/^d: /gm)?.length).toBeGreaterThanOrEqual(5)
    expect(await find(box, 'pears')).toEqual(['a.txt'])
  })

  it('goes on when the folder vanishes, keeps what it had, and takes up what comes back', async () => {
    const box = world.fresh()
    box.write({ 'd/a.txt': 'apples\n', 'd/b.txt': 'plums\n' })
    const watching = box.start(['index', 'd', '--watch', '--json'])
    await watching.waitFor(/"indexed":2/)
    renameSync(box.path('d'), box.path('elsewhere'))
    await watching.waitFor(/is not there/, 'stderr')
    expect(await find(box, 'apples')).toEqual(['a.txt'])

    writeFileSync(box.path('elsewhere/c.txt'), 'quinces\n')
    rmSync(box.path('elsewhere/b.txt'))
    renameSync(box.path('elsewhere'), box.path('d'))
    await watching.waitFor(/is there again/, 'stderr')
    await untilFound(box, 'quinces', ['c.txt'])
    await untilFound(box, 'plums', [])
    expect(await find(box, 'apples')).toEqual(['a.txt'])
    const { code, stdout } = await watching.stop('SIGTERM')
    expect(code).toBe(130)
    const reports = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { collection: string })
    expect(reports.length).toBeGreaterThanOrEqual(2)
    expect(new Set(reports.map(({ collection }) => collection))).toEqual(new Set(['d']))
  })

  it('refuses to take an empty folder in its place for a removal of everything', async () => {
    const box = world.fresh()
    box.write({ 'd/a.txt': 'apples\n' })
    const watching = box.start(['index', 'd', '--watch'])
    await watching.waitFor(/^d: 1 indexed/m)
    renameSync(box.path('d'), box.path('elsewhere'))
    mkdirSync(box.path('d'))
    await watching.waitFor(/No file was found in .* the index keeps the 1 file/, 'stderr')
    expect(await find(box, 'apples')).toEqual(['a.txt'])
    box.write({ 'd/b.txt': 'quinces\n' })
    await untilFound(box, 'quinces', ['b.txt'])
    expect((await watching.stop('SIGINT')).code).toBe(130)
  })

  it('takes one folder, and one that is there', async () => {
    const box = world.fresh()
    box.write({ 'a/a.txt': 'apples\n', 'b/b.txt': 'plums\n' })
    const both = await box.cli(['index', box.path('a'), box.path('b'), '--watch'])
    expect(both).toMatchObject({ code: 2, stdout: '' })
    expect(both.stderr).toMatch(/--watch takes one folder/)
    expect((await box.cli(['status'])).code).toBe(2)
    const missing = await box.cli(['index', box.path('nowhere'), '--watch'])
    expect(missing).toMatchObject({ code: 2, stdout: '' })
  })
})

describe('one indexer at a time', () => {
  let gemini: GeminiServer
  let env: Environment

  beforeAll(async () => {
    gemini = await startGeminiServer()
    env = { GOOGLE_API_KEY: gemini.apiKey, GEMINI_BASE_URL: gemini.url }
  })
  beforeEach(() => gemini.reset())
  afterAll(() => gemini.close())

  it('a second one is refused, naming the first; after a kill -9 the next one works', async () => {
    const box = world.fresh()
    box.write({ 'd/a.txt': 'apples\n', 'e/b.txt': 'plums\n' })
    gemini.failNext(faults.hang())
    const first = box.start(['index', 'd'], { env })
    let hasEnded = false
    const ended = first.ended.finally(() => {
      hasEnded = true
    })
    while (gemini.requests.length === 0 && !hasEnded) await wait(10)

    const second = await box.run(['index', 'e'], { env })
    expect(hasEnded).toBe(false)
    expect(second).toMatchObject({ code: 2, stdout: '' })
    const [, pid = ''] = /Process (\d+) has been writing to \S+index\.db since/.exec(second.stderr) ?? []
    expect(pid).not.toBe('')
    expect(gemini.requests).toHaveLength(1)

    // Looking around needs no lock.
    expect((await box.cli(['index', box.path('e'), '--dry-run'], { env })).code).toBe(0)
    expect((await box.cli(['search', 'apples', '--mode', 'keyword'], { env })).code).toBe(1)

    const runOfD = async () => {
      const { collections } = (await box.json(['status'], { env })) as { collections: { run?: object }[] }
      return collections[0]?.run
    }
    expect(await runOfD()).toMatchObject({ state: 'running', files: 1, filesDone: 0 })
    expect((await box.cli(['remove', '-c', 'd', '--yes'], { env })).stderr).toContain(
      `Process ${pid} has been writing`,
    )
    expect((await box.cli(['remove', '-c', 'd', '--dry-run'], { env })).code).toBe(0)

    process.kill(Number(pid), 'SIGKILL')
    expect((await ended).code).toBeNull()
    expect(await runOfD()).toMatchObject({ state: 'stopped', files: 1, filesDone: 0 })
    expect((await box.cli(['status'], { env })).stdout).toContain(
      `stopped: \`gemdex index -c d ${box.path('d')}\` goes on`,
    )
    // It could not tidy up.
    const holder = box.path('..', 'data', 'gemdex', '.index.db.lock.json')
    expect(JSON.parse(readFileSync(holder, 'utf8'))).toMatchObject({ pid: Number(pid) })
    const third = await box.run(['index', 'd', 'e'], { env })
    expect(third).toMatchObject({ code: 0 })
    expect(third.stdout).toMatch(/^d: 1 indexed/m)
    expect(third.stdout).toMatch(/^e: 1 indexed/m)
    expect(() => readFileSync(holder)).toThrow()
    expect(await runOfD()).toMatchObject({ state: 'done', files: 1, filesDone: 1 })
  })
})
