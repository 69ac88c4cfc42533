import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { createSandbox, type Environment, PROGRAM } from './run-gemdex.js'

const box = createSandbox()

describe('bad input', () => {
  it.each<[string, readonly string[], Environment, RegExp]>([
    ['an unknown verb', ['frobnicate'], {}, /unknown command 'frobnicate'[\s\S]*gemdex --help/],
    ['a mistyped verb', ['serch', 'x'], {}, /unknown command 'serch'[\s\S]*Did you mean search\?/],
    [
      'help for a mistyped verb',
      ['help', 'serch'],
      {},
      /unknown command 'serch'[\s\S]*Did you mean search\?/,
    ],
    [
      'help for a mistyped verb after a flag',
      ['--db', 'help', 'help', 'serch'],
      {},
      /unknown command 'serch'[\s\S]*Did you mean search\?/,
    ],
    ['an empty query', ['search', ' '], {}, /query is empty[\s\S]*`gemdex search ".+"`/],
    ['an empty question', ['ask', ''], {}, /question is empty[\s\S]*`gemdex ask ".+"`/],
    ['a folder for an index', ['--db', '.', 'status'], {}, /is a folder[\s\S]*--db.*index\.db/],
    ['a folder to be verified', ['verify', '--db', '.'], {}, /is a folder[\s\S]*--db.*index\.db/],
    ['an unknown flag', ['search', 'x', '--frob'], {}, /unknown option '--frob'[\s\S]*--help/],
    [
      'a mistyped second word',
      ['keys', 'lst'],
      {},
      /^error unknown command 'lst'\n {2}Did you mean list\?\n {2}`gemdex keys --help`/,
    ],
    ['a missing argument', ['search'], {}, /missing required argument 'query'[\s\S]*--help/],
    ['one argument too many', ['get', 'heat', 'pump'], {}, /too many arguments[\s\S]*--help/],
    ['a missing index', ['search', 'x'], {}, /no index at .*index\.db[\s\S]*`gemdex index <folder>`.*--db/],
    ['a missing index to ask', ['ask', 'x'], {}, /no index at/],
    ['a missing index to serve', ['serve', '--port', '0'], {}, /no index at/],
    ['a missing index named by --db', ['--db', 'no.db', 'status'], {}, /no index at .*\/no\.db/],
    ['a missing folder', ['index', 'nowhere'], {}, /nowhere"[\s\S]*Check the path/],
    ['a bad port', ['status'], { GEMDEX_PORT: '70000' }, /GEMDEX_PORT .*0 to 65535.*"70000"/],
    ['a bad embedder', ['status', '--embedder', 'magic'], {}, /--embedder .*gemini, local.*"magic"/],
    [
      'a bad threshold',
      ['status'],
      { GEMDEX_SAFETY: 'harassment=never' },
      /GEMDEX_SAFETY .*BLOCK_NONE.*never/,
    ],
    ['a bad address', ['status'], { GEMINI_BASE_URL: 'ftp://x' }, /GEMINI_BASE_URL .*http.*"ftp:\/\/x"/],
    [
      'a missing config file',
      ['status', '--config', 'no.json'],
      {},
      /config file \S*no\.json cannot be read/,
    ],
    ['an unknown setting', ['config', 'get', 'colour'], {}, /no setting "colour"[\s\S]*apiKey/],
    ['a host that others reach', ['serve', '--host', '0.0.0.0'], {}, /"0\.0\.0\.0"[\s\S]*127\.0\.0\.1/],
  ])(
    '%s exits with 2, names the value and the next step, prints no result',
    async (_, args, env, message) => {
      const { code, stdout, stderr } = await box.cli(args, { env })
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
      expect(stderr).toMatch(message)
      expect(stderr).not.toMatch(/\n\s+at /)
    },
  )

  it.each<[readonly string[], Environment]>([
    [['frobnicate'], {}],
    [['search', 'x'], {}],
    [['status'], { GEMDEX_PORT: '70000' }],
  ])('%j %j says the same as the built program', async (args, env) => {
    expect(await box.run(args, { env })).toEqual(await box.cli(args, { env }))
  })

  it('refuses a file that is no index, and leaves it as it is', async () => {
    box.write({ 'notes.txt': 'these are notes, and no database at all\n'.repeat(100) })
    const { code, stdout, stderr } = await box.run(['--db', 'notes.txt', 'search', 'x'])
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/notes\.txt is .*not a gemdex index[\s\S]*--db/)
  })

  it('makes no index by only asking for one', () => {
    expect(existsSync(box.path('no.db'))).toBe(false)
  })

  it('is a program that a shell can start', () => {
    expect(execFileSync(PROGRAM, ['--version'], { encoding: 'utf8' })).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  it('says nothing of time where nothing limits it', async () => {
    box.write({ 'plans/a.md': '# A\n\nSome words.\n' })
    const { stdout } = await box.run(['index', 'plans', '--dry-run'])
    expect(stdout).toMatch(/^plans: 1 file to index, 1 passage; 1 text \(\d+ tokens\) to embed, free\n$/)
  })

  it('prints help and version on standard output and exits with 0', async () => {
    const bare = await box.run([])
    const help = await box.run(['--help'])
    const version = await box.run(['--version'])
    expect(bare).toEqual({ code: 0, stdout: help.stdout, stderr: '' })
    for (const verb of [
      'index',
      'search',
      'ask',
      'status',
      'list',
      'get',
      'remove',
      'serve',
      'models',
      'embed',
    ])
      expect(help.stdout).toMatch(new RegExp(`^ {2}${verb}\\b`, 'm'))
    expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' })
  })
})
