import { expect, it } from 'vitest'
import { GemdexError } from '../../src/errors.js'
import { fakeJobs } from '../http/fake-engine.js'
import { type FakeRun, runInProcess } from './run-in-process.js'

function serveWith(resume: () => Promise<void>, signal: AbortSignal) {
  const engine: FakeRun['engine'] = {
    jobs: { ...fakeJobs, resume, close: async () => {} },
    modelsInUse: async () => ({ embedder: null, provider: 'local', generator: 'fake' }),
  }
  return runInProcess(['serve', '--port', '0'], { engine, signal, terminal: false })
}

it.each(['STORE_CORRUPT', 'STORE_READ_ONLY', 'STORE_FULL'] as const)(
  'serves an index whose jobs cannot go on for %s, and says so in its log',
  async (code) => {
    const stop = new AbortController()
    const ran = await serveWith(async () => {
      setImmediate(() => stop.abort('SIGTERM'))
      throw new GemdexError(code, 'The index cannot be written')
    }, stop.signal)
    expect(ran.code).toBe(0)
    expect(ran.stderr).toMatch(new RegExp(`"code":"${code}".*"jobs not resumed"`))
  },
)

it('leaves no service behind when it fails for another reason', async () => {
  const ran = await serveWith(async () => {
    throw new GemdexError('STORE_FAILED', 'The disk does not answer')
  }, new AbortController().signal)
  expect([ran.code, ran.stderr]).toEqual([2, expect.stringContaining('The disk does not answer')])
  const url = /^Serving (\S+)/.exec(ran.stdout)?.[1] ?? ''
  await expect(fetch(url)).rejects.toThrow('fetch failed')
})
