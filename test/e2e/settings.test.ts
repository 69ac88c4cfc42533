import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()
const CANARY = 'AQ.canary-key-0123456789'

type Entry = { name: string; value: unknown; source: string; env: string }

describe('gemdex config get', () => {
  it('shows each setting with its value and where it comes from', async () => {
    const own = box.fresh()
    own.write({
      'sub/gemdex.config.json':
        '{"model": "from-project", "port": 1111, "concurrency": 2, "temperature": 0.5}',
      'mine.json': '{"model": "from-file", "port": 2222, "stopSequences": ["END", "STOP"]}',
    })
    const entries = (await own.json(
      ['--config', own.path('mine.json'), '--log-level', 'warn', 'config', 'get'],
      { cwd: 'sub', env: { GEMDEX_PORT: '3333', GEMINI_API_KEY: CANARY } },
    )) as Entry[]
    const byName = Object.fromEntries(entries.map(({ name, value, source }) => [name, [value, source]]))
    expect(byName).toMatchObject({
      apiKey: ['set (not shown)', 'environment'],
      concurrency: [2, 'project config file'],
      temperature: [0.5, 'project config file'],
      model: ['from-file', 'config file'],
      stopSequences: [['END', 'STOP'], 'config file'],
      port: [3333, 'environment'],
      logLevel: ['warn', 'flag'],
      host: ['127.0.0.1', 'default'],
      dimensions: [null, 'not set'],
    })
  })

  it('shows the default that is in force where nothing is set, and nothing where nothing is', async () => {
    const { stdout } = await box.cli(['config', 'get'], { env: { GEMDEX_RPM: '5' } })
    const rows = new Map(stdout.split('\n').map((line) => [line.split(/ {2,}/)[0], line.split(/ {2,}/)]))
    expect(rows.get('embedder')).toMatchObject({ 1: 'local', 2: 'default' })
    expect(rows.get('embedRpm')).toMatchObject({ 1: '100', 2: 'default' })
    expect(rows.get('rpm')).toMatchObject({ 1: '5', 2: 'environment' })
    expect(rows.get('topK')).toMatchObject({ 1: '-', 2: 'not set' })
  })

  it('gives one setting by its name, and says which variables set it', async () => {
    const { code, stdout } = await box.cli(['config', 'get', 'embedder'], {
      env: { GEMDEX_EMBEDDER: 'local' },
    })
    expect(code).toBe(0)
    expect(stdout.split('\n')[1]?.split(/ {2,}/)).toEqual([
      'embedder',
      'local',
      'environment',
      'GEMDEX_EMBEDDER',
    ])
  })

  it('never shows a secret', async () => {
    for (const args of [
      ['config', 'get'],
      ['config', 'get', 'apiKey'],
      ['config', 'get', '--json'],
    ]) {
      const { code, stdout, stderr } = await box.run(args, { env: { GOOGLE_API_KEY: CANARY } })
      expect(code).toBe(0)
      expect(stdout).toContain('set (not shown)')
      expect(stdout + stderr).not.toContain('canary')
    }
  })

  it('warns of what a found project file may not set, and goes on without it', async () => {
    const own = box.fresh()
    own.write({
      'gemdex.config.json':
        '{"apiKey": "stolen", "geminiBaseUrl": "http://evil.example", "db": "/etc/evil.db", "host": "0.0.0.0", "port": 1234}',
    })
    const { code, stdout, stderr } = await own.cli(['config', 'get', '--json'])
    expect(code).toBe(0)
    for (const name of ['apiKey', 'geminiBaseUrl', 'db', 'host'])
      expect(stderr).toMatch(new RegExp(`gemdex\\.config\\.json may not set "${name}"`))
    expect(stderr).not.toContain('"port"')
    expect(stdout).not.toMatch(/stolen|evil|0\.0\.0\.0/)
    expect((JSON.parse(stdout) as Entry[]).find(({ name }) => name === 'port')?.value).toBe(1234)
  })
})

describe('gemdex doctor', () => {
  it('tells runs that were stopped, and how to go on', async () => {
    const own = box.fresh()
    own.write({ 'docs/a.md': '# A\n' })
    const env = { GEMDEX_DB: own.path('i.db') }
    await own.cli(['index', 'docs'], { env })
    const database = new Database(env.GEMDEX_DB)
    database.exec(
      'UPDATE collections SET unfinished = 1, run_ended_ms = NULL, run_files = 5, run_files_done = 2',
    )
    database.close()
    const { code, stdout } = await own.cli(['doctor'], { env })
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /note +Index: .* docs was stopped: 3 of 5 files .*\n +Index \S*docs again .*`gemdex status`/,
    )
  })

  it('finds everything in order but what is missing, and advises', async () => {
    const own = box.fresh()
    own.write({ 'd/a.md': '# Apples\n\nApples are red.\n' })
    const before = await own.cli(['doctor'])
    expect(before.code).toBe(0)
    expect(before.stdout).toMatch(
      /^note {2}Index: nothing is indexed at .*\n +Make an index with `gemdex index/m,
    )
    await own.cli(['index', own.path('d')])
    const checks = (await own.json(['doctor'])) as { name: string; state: string; advice?: string }[]
    expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual([
      'Node.js ok',
      'SQLite ok',
      'Index ok',
      'Embedder ok',
      'Gemini API warning',
      expect.stringMatching(/^Disk /),
    ])
    expect(checks.find(({ name }) => name === 'Gemini API')?.advice).toMatch(/GOOGLE_API_KEY/)
  })

  it('exits with 2 when something is broken, and names it', async () => {
    box.write({ 'broken.db': 'this is no database, it only pretends to be one\n'.repeat(50) })
    const { code, stdout } = await box.run(['--db', 'broken.db', 'doctor'])
    expect(code).toBe(2)
    expect(stdout).toMatch(/^FAIL {2}Index: .*broken\.db .*not a gemdex index/m)
  })
})

describe('gemdex models without a key', () => {
  it('exits with 2 and names the variable to set', async () => {
    const { code, stdout, stderr } = await box.run(['models'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/set GOOGLE_API_KEY/)
  })
})
