import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { runCli } from '../../src/cli/run-cli.js'
import { openEngine } from '../../src/compose.js'
import { diagnose } from '../../src/diagnose.js'
import * as upkeep from '../../src/upkeep.js'
import { type GeminiServer, startGeminiServer } from '../helpers/gemini-server.js'

const QUESTION = 'Go on? [y/N] '
/** At this price any text costs more than a dollar. */
const dear = { GEMDEX_PRICES: 'gemini-embedding-001=1000000' }

let gemini: GeminiServer
beforeAll(async () => {
  gemini = await startGeminiServer()
})
beforeEach(() => gemini.reset())
afterAll(() => gemini.close())

type Setup = {
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  readonly interactive?: boolean
}

/** Starts `index d`, on a fake terminal whose user waits for the question. */
function start({ env = {}, args = [], interactive = true }: Setup = {}) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'gemdex-consent-')))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  mkdirSync(join(folder, 'd'))
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, 'd', `${name}.txt`), `About ${name}.\n`)
  const stdin = new PassThrough()
  const abort = new AbortController()
  let stderr = ''
  let asked = () => {}
  const question = new Promise<void>((resolve) => {
    asked = resolve
  })
  const run = (...argv: readonly string[]) =>
    runCli(
      argv,
      {
        env: {
          HOME: folder,
          XDG_DATA_HOME: join(folder, 'data'),
          GOOGLE_API_KEY: gemini.apiKey,
          GEMINI_BASE_URL: gemini.url,
          NO_COLOR: '1',
          ...env,
        },
        cwd: folder,
        stdin,
        isInteractive: interactive,
        out: { write: () => {}, isTerminal: interactive },
        err: {
          write: (text) => {
            stderr += text
            if (stderr.includes(QUESTION)) asked()
          },
          isTerminal: interactive,
        },
        signal: abort.signal,
        takeInterrupts: () => () => {},
      },
      { version: '0.0.0', openEngine, diagnose, upkeep },
    )
  const ended = run('index', join(folder, 'd'), ...args)
  return {
    folder: join(folder, 'd'),
    ended,
    run,
    stdin,
    abort,
    stderr: () => stderr,
    /** Resolves when the question is there; fails when the run ends without it. */
    question: (run = ended) =>
      Promise.race([question, run.then((code) => expect.fail(`ended with ${code} unasked: ${stderr}`))]),
  }
}

describe('a run above a dollar, on a terminal', () => {
  it('says what it would take and asks, before anything is sent', async () => {
    const { question, stdin, ended, stderr } = start({ env: dear })
    await question()
    expect(stderr()).toMatch(
      /^\S+\/d: 3 files to index, 3 passages; 3 texts \(\d+ tokens\) to embed, \$\d+\.\d\d, /m,
    )
    expect(gemini.requests).toEqual([])
    stdin.write('n\n')
    expect(await ended).toBe(1)
  })

  it.each(['n', '', 'no', 'yesterday', 'ok'])('ends with 1 and sends nothing after "%s"', async (answer) => {
    const { question, stdin, ended, stderr, run } = start({ env: dear })
    await question()
    stdin.write(`${answer}\n`)
    expect(await ended).toBe(1)
    expect(stderr()).toContain('Nothing was sent or indexed.')
    expect(gemini.requests).toEqual([])
    expect(await run('list')).toBe(1)
  })

  it('takes the end of input for a no', async () => {
    const { question, stdin, ended } = start({ env: dear })
    await question()
    stdin.end()
    expect(await ended).toBe(1)
    expect(gemini.requests).toEqual([])
  })

  it.each(['y', 'Y', ' yes ', 'YES'])('goes on after "%s"', async (answer) => {
    const { question, stdin, ended, run } = start({ env: dear })
    await question()
    stdin.write(`${answer}\n`)
    expect(await ended).toBe(0)
    expect(gemini.embedTexts()).toHaveLength(3)
    expect(await run('list')).toBe(0)
  })

  it('ends with 130 after Ctrl-C at the question, and sends nothing', async () => {
    const { question, abort, ended, stderr } = start({ env: dear })
    await question()
    abort.abort()
    expect(await ended).toBe(130)
    expect(stderr()).toMatch(/Interrupted\./)
    expect(gemini.requests).toEqual([])
  })

  it('asks before a watch, too', async () => {
    const { question, stdin, ended } = start({ env: dear, args: ['--watch'] })
    await question()
    stdin.write('n\n')
    expect(await ended).toBe(1)
    expect(gemini.requests).toEqual([])
  })
})

describe('a run above the quota of the day, on a terminal', () => {
  it('asks, and says on how many days it would run', async () => {
    const { question, stdin, ended, stderr } = start({ env: { GEMDEX_EMBED_RPD: '2' } })
    await question()
    expect(stderr()).toMatch(/, on 2 days: run the command again each day$/m)
    stdin.write('n\n')
    expect(await ended).toBe(1)
    expect(gemini.requests).toEqual([])
  })

  it('counts what is left of it, not the whole', async () => {
    const { ended, run, folder, question, stdin, stderr } = start({ env: { GEMDEX_EMBED_RPD: '4' } })
    expect(await ended).toBe(0)
    expect(stderr()).not.toContain('[y/N]')
    for (const name of ['d', 'e']) writeFileSync(join(folder, `${name}.txt`), `About ${name}.\n`)
    gemini.reset()
    const again = run('index', folder)
    await question(again)
    stdin.write('n\n')
    expect(await again).toBe(1)
    expect(gemini.requests).toEqual([])
  })
})

describe('a run over several folders, on a terminal', () => {
  it('asks once, when only all of them together are above the quota of the day', async () => {
    const { ended, run, folder, question, stdin, stderr } = start({ env: { GEMDEX_EMBED_RPD: '9' } })
    expect(await ended).toBe(0)
    const folders = ['x', 'y'].map((name) => `${folder}/../${name}`)
    for (const each of folders) {
      mkdirSync(each)
      // Four each, and six are left.
      for (let i = 0; i < 4; i++) writeFileSync(join(each, `${i}.txt`), `Number ${i} of ${each}.\n`)
    }
    gemini.reset()
    const both = run('index', ...folders)
    await question(both)
    stdin.write('n\n')
    expect(await both).toBe(1)
    expect(stderr().split('[y/N]')).toHaveLength(2)
    expect(gemini.requests).toEqual([])
  })
})

describe('nobody is asked', () => {
  it.each<[string, Setup]>([
    ['with --yes', { env: dear, args: ['--yes'] }],
    ['without a terminal', { env: dear, interactive: false }],
    ['when it costs little', {}],
    ['without a key, when nothing is sent', { env: { ...dear, GOOGLE_API_KEY: '' } }],
    ['by the built-in provider', { env: { ...dear, GEMDEX_EMBEDDER: 'local', GEMDEX_EMBED_RPD: '1' } }],
  ])('%s', async (_, setup) => {
    const { ended, stderr } = start(setup)
    expect(await ended).toBe(0)
    expect(stderr()).not.toContain('[y/N]')
  })

  it('when there is nothing new to send', async () => {
    const { ended, run, folder, stderr } = start({ env: dear, args: ['--yes'] })
    expect(await ended).toBe(0)
    expect(await run('index', folder)).toBe(0)
    expect(stderr()).not.toContain('[y/N]')
  })
})
