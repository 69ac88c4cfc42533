import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Config, type ConfigInput, loadConfig } from '../src/config.js'
import { type SettingName, settings } from '../src/settings.js'

let root: string
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'gemdex-config-')))
  mkdirSync(join(root, 'work/deep'), { recursive: true })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(path: string, content: unknown): string {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  return join(root, path)
}

function load({ env, ...input }: Partial<ConfigInput> = {}): Config {
  return loadConfig({ cwd: join(root, 'work/deep'), env: { HOME: join(root, 'home'), ...env }, ...input })
}

describe('without any setting', () => {
  it('gives the defaults, frozen, each with its source', () => {
    const config = load()
    expect(config).toEqual({
      db: join(root, 'home/.local/share/gemdex/index.db'),
      embeddingModel: 'gemini-embedding-001',
      model: 'gemini-3.8-flash',
      concurrency: 4,
      host: '127.0.0.1',
      port: 7411,
      logLevel: 'info',
      sources: {
        db: 'default',
        embeddingModel: 'default',
        model: 'default',
        concurrency: 'default',
        host: 'default',
        port: 'default',
        logLevel: 'default',
      },
      warnings: [],
    })
    expect(
      Object.isFrozen(config) && Object.isFrozen(config.sources) && Object.isFrozen(config.warnings),
    ).toBe(true)
  })

  it('takes an empty variable for one that is not set', () => {
    expect(load({ env: { GOOGLE_API_KEY: '', GEMDEX_PORT: '', GEMDEX_DB: '' } })).toEqual(load())
  })
})

describe('the order of sources', () => {
  it('is flags, environment, config file, project config file, defaults', () => {
    const values = (port: number) => ({ port, model: `m${port}`, concurrency: port, temperature: 0.5 })
    write('work/gemdex.config.json', values(1))
    write('home/.config/gemdex/config.json', { port: 2, model: 'm2', concurrency: 2 })
    const env = { GEMDEX_PORT: '3', GEMDEX_MODEL: 'm3' }
    const { port, model, concurrency, temperature, host, sources } = load({ env, flags: { port: '4' } })
    expect({ port, model, concurrency, temperature, host }).toEqual({
      port: 4,
      model: 'm3',
      concurrency: 2,
      temperature: 0.5,
      host: '127.0.0.1',
    })
    expect(sources).toMatchObject({
      port: 'flag',
      model: 'environment',
      concurrency: 'config file',
      temperature: 'project config file',
      host: 'default',
    })
  })

  it('puts GOOGLE_API_KEY before GEMINI_API_KEY', () => {
    expect(load({ env: { GEMINI_API_KEY: 'second' } }).apiKey).toBe('second')
    expect(load({ env: { GEMINI_API_KEY: 'second', GOOGLE_API_KEY: 'first' } }).apiKey).toBe('first')
  })

  it('takes --config instead of the user file, also where that is the project file', () => {
    write('home/.config/gemdex/config.json', { port: 1, topK: 5 })
    const mine = write('mine.json', { port: 2, apiKey: 'k', geminiBaseUrl: 'http://localhost:1/' })
    expect(load({ configFile: mine })).toMatchObject({
      port: 2,
      apiKey: 'k',
      geminiBaseUrl: 'http://localhost:1',
    })
    expect(load({ configFile: mine }).topK).toBeUndefined()
    const project = write('work/deep/gemdex.config.json', { host: '127.0.0.2' })
    expect(load().warnings).toHaveLength(1)
    expect(load({ configFile: project })).toMatchObject({ host: '127.0.0.2', warnings: [] })
  })

  it('looks for the user file in XDG_CONFIG_HOME', () => {
    write('xdg/gemdex/config.json', { port: 9 })
    expect(load({ env: { XDG_CONFIG_HOME: join(root, 'xdg') } }).port).toBe(9)
  })
})

describe('a gemdex.config.json in the working tree', () => {
  const forbidden = { apiKey: 'k', geminiBaseUrl: 'http://evil.example', db: '/tmp/evil.db', host: '0.0.0.0' }

  it.each(Object.entries(forbidden))('may not set %s: warned of and not obeyed', (name, value) => {
    const path = write('work/gemdex.config.json', { [name]: value, port: 5 })
    const config = load()
    expect(config.port).toBe(5)
    expect(config[name as SettingName]).toEqual(load({ cwd: root })[name as SettingName])
    expect(config.warnings).toEqual([expect.stringContaining(`${path} may not set "${name}"`)])
  })

  it('may set nothing that leads elsewhere or holds a secret', () => {
    const free = (Object.keys(settings) as SettingName[]).filter((name) => settings[name].project)
    expect(free).not.toEqual(expect.arrayContaining(Object.keys(forbidden)))
    for (const name of free) expect(settings[name]).not.toHaveProperty('secret')
  })

  it('is the nearest one upwards', () => {
    write('gemdex.config.json', { port: 1, topK: 2 })
    write('work/gemdex.config.json', { port: 3 })
    expect(load()).toMatchObject({ port: 3 })
    expect(load().topK).toBeUndefined()
  })
})

describe('a config file', () => {
  it.each([
    ['an unknown name', { prot: 1 }, /"prot", which is no setting/],
    ['an inherited name', { toString: 'x' }, /"toString", which is no setting/],
    ['no JSON', '{port: 1}', /config\.json cannot be read/],
    ['a list', [1], /must hold a JSON object/],
    ['an object as value', { port: { n: 1 } }, /"port" in .* must be a text, a number or a list/],
    ['null as value', { port: null }, /"port" in .* must be/],
    ['a bad value', { port: 'http' }, /"port" in .*config\.json must be a whole number.*"http"/],
  ])('with %s is refused, naming file and setting', (_, content, message) => {
    write('home/.config/gemdex/config.json', content)
    expect(() => load()).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(message) }),
    )
  })

  it('that --config names must exist', () => {
    expect(() => load({ configFile: join(root, 'no.json') })).toThrow(/no\.json cannot be read/)
  })

  it('takes numbers, texts and lists of texts', () => {
    write('home/.config/gemdex/config.json', {
      stopSequences: ['END', 'STOP'],
      safety: ['harassment=off', 'hate_speech=block_none'],
      temperature: 0,
      port: '8080',
    })
    expect(load()).toMatchObject({
      stopSequences: ['END', 'STOP'],
      safety: [
        { category: 'HARM_CATEGORY_HARASSMENT', threshold: 'OFF' },
        { category: 'HARM_CATEGORY_HATE_SPEECH', threshold: 'BLOCK_NONE' },
      ],
      temperature: 0,
      port: 8080,
    })
  })
})

describe('the index file', () => {
  it('is the nearest .gemdex/index.db upwards, else the one of the user', () => {
    const env = { XDG_DATA_HOME: join(root, 'data') }
    expect(load({ env }).db).toBe(join(root, 'data/gemdex/index.db'))
    const far = write('.gemdex/index.db', '')
    expect(load({ env })).toMatchObject({ db: far, sources: { db: 'default' } })
    const near = write('work/.gemdex/index.db', '')
    expect(load({ env }).db).toBe(near)
  })

  it('is what --db or GEMDEX_DB says, relative to the current folder', () => {
    write('work/.gemdex/index.db', '')
    expect(load({ env: { GEMDEX_DB: 'a.db' } })).toMatchObject({
      db: join(root, 'work/deep/a.db'),
      sources: { db: 'environment' },
    })
    expect(load({ env: { GEMDEX_DB: 'a.db' }, flags: { db: '../b.db' } })).toMatchObject({
      db: join(root, 'work/b.db'),
      sources: { db: 'flag' },
    })
  })
})

describe('values', () => {
  it.each<[string, string, RegExp]>([
    ['GEMDEX_PORT', '65536', /0 to 65535/],
    ['GEMDEX_PORT', '80.5', /whole number/],
    ['GEMDEX_PORT', ' ', /whole number/],
    ['GEMDEX_CONCURRENCY', '0', /1 to 64/],
    ['GEMDEX_DIMENSIONS', '-1', /1 to 8192/],
    ['GEMDEX_CANDIDATES', '9', /1 to 8/],
    ['GEMDEX_TEMPERATURE', '2.1', /0 to 2/],
    ['GEMDEX_TEMPERATURE', 'warm', /a number/],
    ['GEMDEX_TOP_P', '1.5', /0 to 1/],
    ['GEMDEX_EMBEDDER', 'Gemini', /gemini, local/],
    ['GEMDEX_GENERATOR', 'gpt', /gemini, local/],
    ['GEMDEX_LOG_LEVEL', 'loud', /silent, error/],
    ['GEMDEX_STOP_SEQUENCES', 'a,b,c,d,e,f', /at most 5/],
    ['GEMDEX_SAFETY', 'rudeness=off', /category of HARASSMENT/],
    ['GEMDEX_SAFETY', 'harassment', /threshold of BLOCK_LOW_AND_ABOVE/],
    [
      'GEMDEX_SAFETY',
      'harassment=off,HARM_CATEGORY_HARASSMENT=block_none',
      /HARM_CATEGORY_HARASSMENT has two/,
    ],
    ['GEMINI_BASE_URL', 'localhost:8080', /http or https/],
    ['GEMINI_BASE_URL', 'file:///etc/passwd', /http or https/],
  ])('%s=%s is refused, naming variable and value', (variable, value, wanted) => {
    expect(() => load({ env: { [variable]: value } })).toThrow(
      expect.objectContaining({ code: 'BAD_CONFIG', message: expect.stringMatching(wanted) }),
    )
    expect(() => load({ env: { [variable]: value } })).toThrow(new RegExp(`^${variable} .*"`))
  })

  it('names a flag as it is typed', () => {
    expect(() => load({ flags: { logLevel: 'loud' } })).toThrow(/^--log-level must be one of/)
  })

  it.each<[string, SettingName, string, unknown]>([
    ['GEMDEX_MODEL', 'model', 'gemini-pro', 'gemini-pro'],
    ['GEMDEX_MODEL', 'model', 'models/gemini-3.8-flash', 'gemini-3.8-flash'],
    ['GEMDEX_EMBEDDING_MODEL', 'embeddingModel', 'models/embedding-001', 'embedding-001'],
    ['GEMDEX_TEMPERATURE', 'temperature', '0', 0],
    ['GEMDEX_PORT', 'port', '0', 0],
    ['GEMDEX_TOP_K', 'topK', '40', 40],
    ['GEMDEX_STOP_SEQUENCES', 'stopSequences', 'END,, STOP', ['END', ' STOP']],
    ['GEMINI_BASE_URL', 'geminiBaseUrl', 'https://proxy.example/gemini//', 'https://proxy.example/gemini'],
    [
      'GEMDEX_SAFETY',
      'safety',
      'Dangerous_Content = Block_Only_High',
      [{ category: 'HARM_CATEGORY_DANGEROUS_CONTENT', threshold: 'BLOCK_ONLY_HIGH' }],
    ],
  ])('%s sets %s: %s is read as %j', (variable, name, value, expected) => {
    const config = load({ env: { [variable]: value } })
    expect(config[name]).toEqual(expected)
    expect(config.sources[name]).toBe('environment')
  })
})
