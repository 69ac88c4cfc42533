import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeAll, describe, expect, it } from 'vitest'
import { createSandbox, PROGRAM } from './run-gemdex.js'

const box = createSandbox()
const ESC = '\u001b'
const CSI = '\u009b'
const FILLER = 'The lighthouse keeper counts the passing ships every evening. '.repeat(8)

/** Attacks on a terminal in every place that a document has. */
const hostile = {
  [`d/${ESC}[2Jna${CSI}1mme.md`]: `---\nauthor: "x${ESC}]0;meta${'\u0007'}y"\n---\n\n# Title ${ESC}[31mred${CSI}32m\n\n${FILLER}${ESC}]52;c;aGk=${'\u0007'} ${CSI}2J \u202egnirts\r\n`,
  [`d/${ESC}[1mskip.ps`]: '%!PS-Adobe-3.0',
} as const

beforeAll(async () => {
  box.write(hostile)
})

/** Everything but line breaks, tabs and printable characters; direction overrides count as harmful. */
const HARMFUL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u

describe('the terminal', () => {
  it('is never reached by control characters of documents', async () => {
    const results = [await box.run(['index', 'd']), await box.run(['search', 'lighthouse'])]
    expect(results[0]?.stdout).toMatch(/1 indexed, .* 1 skipped/)
    const [document] = (await box.json(['list'])) as { id: string; title: string }[]
    expect(document?.title).toContain('Title')
    const id = document?.id ?? ''
    for (const args of [
      ['search', 'lighthouse', '--full', '--explain'],
      ['search', 'lighthouse'],
      ['search', 'lighthouse', '--json', '--full'],
      ['ask', 'What does the lighthouse keeper count?'],
      ['ask', 'What does the lighthouse keeper count?', '--json'],
      ['list'],
      ['list', '--json'],
      ['get', id],
      ['get', id, '--json'],
      ['status'],
      ['index', box.path('d'), '--json'],
      ['remove', id],
    ]) {
      const ran = await box.cli(args)
      expect(ran).toMatchObject({ code: 0, stdout: expect.stringMatching(/./) })
      results.push(ran)
    }
    for (const { stdout, stderr } of results) {
      expect(stdout).not.toMatch(HARMFUL)
      expect(stderr).not.toMatch(HARMFUL)
    }
  })

  it('alone gets colour: a pipe does not, not even when the environment asks for it', async () => {
    const own = box.fresh()
    own.write({ 'd/a.md': '# Apples\n\nApples are red.\n' })
    await own.cli(['index', own.path('d')])
    const env = { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', TERM: 'xterm-256color' }
    for (const args of [
      ['search', 'apples'],
      ['search', ''],
    ]) {
      const { stdout, stderr } = await own.run(args, { env })
      expect(stdout + stderr).toMatch(/Apples|query is empty/)
      expect(stdout + stderr).not.toContain(ESC)
    }
  })

  it('may close the pipe early', async () => {
    const own = box.fresh()
    own.write({ 'd/long.txt': FILLER.repeat(2000) })
    await own.cli(['index', own.path('d')])
    const { db } = (await own.json(['status'])) as { db: string }
    const child = spawn(
      'bash',
      [
        '-c',
        '"$0" "$1" --db "$2" get long.txt | head -c 10; echo "codes $PIPESTATUS"',
        process.execPath,
        PROGRAM,
        db,
      ],
      { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH, HOME: own.folder } },
    )
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (data) => {
      stdout += data
    })
    child.stderr.on('data', (data) => {
      stderr += data
    })
    await once(child, 'close')
    expect(stdout).toBe('The lighthcodes 0\n')
    expect(stderr).not.toMatch(/EPIPE|Error/)
  })
})
