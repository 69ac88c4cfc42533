import { expect, test } from 'vitest'
import type { MigrationForecast, SearchEngine } from '../../src/engine.js'
import { fakeEngine } from '../http/fake-engine.js'
import { runInProcess } from './run-in-process.js'

const embedder = {
  provider: 'gemini',
  modelId: 'gemini-embedding-001',
  dimensions: 768,
  roles: 'prefixes',
} as const
const done: MigrationForecast = {
  from: embedder,
  to: embedder,
  renews: false,
  files: 3,
  chunks: 9,
  texts: 0,
  tokens: 0,
  pictures: 0,
  priceUsd: 0,
  minutes: 0,
  days: 0,
  needsConsent: false,
}

/** Whether `migrate` set to work, and what it said; the index lacks vectors of `missing` passages. */
async function migrate(forecast: MigrationForecast, { missing = 0, argv = [] as readonly string[] } = {}) {
  const status = await fakeEngine().status()
  let ran = false
  const engine: Partial<SearchEngine> = {
    status: async () => ({ ...status, embedded: status.expected - missing }),
    forecastMigration: async () => forecast,
    migrate: async () => {
      ran = true
      return {
        from: forecast.from,
        to: forecast.to,
        documents: 3,
        embedded: 0,
        renewed: 0,
        kept: 0,
        refused: [],
        tookMs: 1,
      }
    },
  }
  return { ...(await runInProcess(['migrate', ...argv], { engine, terminal: false })), ran }
}

test('says that there is nothing to do, and does nothing', async () => {
  for (const argv of [[], ['--dry-run']])
    expect(await migrate(done, { argv })).toMatchObject({
      code: 0,
      ran: false,
      stdout: expect.stringMatching(/^Nothing to do: .*gemini-embedding-001, 768 dimensions/),
      stderr: expect.stringContaining('--embedding-model'),
    })
})

test('sets to work where anything is missing', async () => {
  expect((await migrate(done, { missing: 1 })).ran).toBe(true)
  for (const change of [{ renews: true }, { texts: 1 }, { to: { ...embedder, roles: 'none' } }])
    expect((await migrate({ ...done, ...change })).ran).toBe(true)
})
