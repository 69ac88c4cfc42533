import { readdirSync, readFileSync } from 'node:fs'
import { configDefaults, defineConfig } from 'vitest/config'
import { SlowFirst } from './test/helpers/slow-first.js'

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts') && !name.startsWith('browser'))
  .map((name) => `test/${name}`)
/** They put other modules in the place of some, which must not be in use already. */
const replacing = files.filter((name) => /\bvi\.mock\(/.test(readFileSync(name, 'utf8')))
// Those in test/browser need a browser: `npm run test:browser`.
const exclude = [...configDefaults.exclude, 'test/browser/**']

export default defineConfig({
  test: {
    setupFiles: ['./test/helpers/check-responses.ts'],
    reporters: ['default', './test/helpers/summary-reporter.ts'],
    sequence: { sequencer: SlowFirst },
    // Many tests wait for processes and events: a core for each worker, and none idle.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'replacing modules', include: replacing } },
      {
        extends: true,
        // No module of gemdex keeps state, so a process runs many files; to load all anew for each took a third of the time.
        test: {
          name: 'tests',
          isolate: false,
          include: ['test/**/*.test.ts'],
          exclude: [...exclude, ...replacing],
        },
      },
    ],
  },
})
