import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { operations } from '../src/api/operations.js'
import { createProgram } from '../src/cli/program.js'
import { settings } from '../src/settings.js'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const README = readFileSync(join(ROOT, 'README.md'), 'utf8')

const unused = () => {
  throw new Error('not called: the program is only looked at')
}
const output = { write: () => {}, isTerminal: false }
const program = createProgram(
  {
    env: {},
    cwd: ROOT,
    stdin: process.stdin,
    isInteractive: false,
    out: output,
    err: output,
    signal: new AbortController().signal,
    takeInterrupts: () => () => {},
  },
  {
    version: '0.0.0',
    openEngine: unused,
    diagnose: unused,
    upkeep: { verify: unused, backup: unused, restore: unused },
  },
  () => {},
)
/** Verbs as one writes them, such as `config get`, with their command. */
const verbs = program.commands.flatMap((command): [string, Command][] =>
  command.commands.length === 0
    ? [[command.name(), command]]
    : command.commands.map((sub) => [`${command.name()} ${sub.name()}`, sub]),
)
const flagsOf = (command: Command) => command.options.map((option) => option.long ?? option.flags)

function rowsOf(heading: string): string[] {
  const section = README.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|---'))
    .slice(1)
}

describe('the README and the command line', () => {
  const rows = rowsOf('Command line')

  it('name the same verbs', () => {
    const named = rows.map(
      (row) =>
        /`gemdex ([a-z]+(?: (?:get|list|show|search|rename|remove|add|revoke))?)(?=[ `])/.exec(row)?.[1],
    )
    expect(named.toSorted()).toEqual(verbs.map(([name]) => name).toSorted())
  })

  it.each(verbs)('give %s the same flags', (name, command) => {
    const row = rows.find((line) => line.includes(`\`gemdex ${name}`)) ?? ''
    expect([...row.matchAll(/--[a-z-]+/g)].map(([flag]) => flag).toSorted()).toEqual(
      flagsOf(command).toSorted(),
    )
  })

  it('name the flags of every verb', () => {
    const line = README.split('\n\n').find((paragraph) => paragraph.startsWith('For every verb:')) ?? ''
    const named = [...line.matchAll(/`(--[a-z-]+)`/g)].map((match) => match[1])
    expect(named.toSorted()).toEqual([...flagsOf(program), '--help'].toSorted())
  })
})

describe('the README and the rest', () => {
  it('name the same settings', () => {
    const rows = rowsOf('Settings')
    const names = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1]),
    )
    const variables = rows.flatMap((row) =>
      [...(row.split('|')[2] ?? '').matchAll(/`(\w+)`/g)].map((match) => match[1]),
    )
    expect(names.toSorted()).toEqual(Object.keys(settings).toSorted())
    expect(variables.toSorted()).toEqual(
      Object.values(settings)
        .flatMap(({ env }) => [...env])
        .toSorted(),
    )
  })

  it('mark the same settings as open to projects', () => {
    const rows = rowsOf('Settings')
    for (const [name, { project }] of Object.entries(settings)) {
      const row = rows.find((line) => (line.split('|')[1] ?? '').includes(`\`${name}\``)) ?? ''
      const marked = row.includes('`port`: *project*') ? name === 'port' : row.includes('*project*')
      expect([name, marked]).toEqual([name, project])
    }
  })

  it('name the same routes', () => {
    const named = rowsOf('HTTP').flatMap((row) =>
      [...row.matchAll(/`((?:GET|POST|PATCH|DELETE|PUT) [^`?]+)/g)].map((match) => match[1]),
    )
    const served = Object.values(operations)
      .map(({ method, path }) => `${method} ${path}`)
      .filter((route) => !['GET /', 'GET /docs/:file', 'GET /assets/:file'].includes(route))
    expect([...new Set(named)].toSorted()).toEqual(served.toSorted())
  })

  it('name scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const named = [...README.matchAll(/npm (?:run )?(start|test|[a-z]+(?=\s))/g)].map(
      (match) => match[1] ?? '',
    )
    const known = [...Object.keys(scripts), 'ci', 'link', 'run']
    expect(named.filter((name) => !known.includes(name))).toEqual([])
  })

  it('link to files that exist', () => {
    const links = [...README.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1] ?? '')
    const files = new Set(
      readdirSync(ROOT, { recursive: false }).concat(
        readdirSync(join(ROOT, 'docs'), { recursive: true }).map((name) => `docs/${String(name)}`),
      ),
    )
    expect(links.filter((link) => !link.startsWith('http') && !files.has(link))).toEqual([])
  })
})

describe('the session that the README shows', () => {
  const session = README.split('```console\n')[1]?.split('```')[0] ?? ''
  const steps = session
    .split(/^\$ /m)
    .slice(1)
    .map((step) => ({
      command: step.split('\n')[0] ?? '',
      shown: step.split('\n').slice(1).join('\n').trim(),
    }))
  let folder = ''

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'gemdex-readme-'))
    cpSync(join(ROOT, 'data/sample'), join(folder, 'data/sample'), { recursive: true })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('begins within the first 30 lines', () => {
    expect(README.split('\n').indexOf('```console')).toBeLessThan(30)
    expect(steps.length).toBeGreaterThanOrEqual(4)
  })

  it.each(steps)('prints what is shown for $command', ({ command, shown }) => {
    const args = [...command.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '').slice(1)
    const run = spawnSync(process.execPath, [join(ROOT, 'dist/main.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env.PATH, HOME: folder, GEMDEX_DB: join(folder, '.gemdex/index.db') },
    })
    expect(run.status).toBe(shown.includes('do not answer') ? 1 : 0)
    // Times vary, and the page breaks long lines and shortens the snippet.
    const flat = (text: string) =>
      text
        .replaceAll(`${folder}/`, '')
        .replace(/\d+(?:\.\d+)? m?s\b/g, 'N ms')
        .replace(/\s+/g, ' ')
        .trim()
    for (const part of flat(shown).split('…')) expect(flat(run.stdout)).toContain(part.trim())
  })
})
