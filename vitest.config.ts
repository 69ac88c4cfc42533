import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser: `npm run test:browser`.
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    setupFiles: ['./test/helpers/check-responses.ts'],
    reporters: ['default', './test/helpers/summary-reporter.ts'],
    // Many tests wait for processes and events: a core for each worker, and none idle.
    maxWorkers: 3,
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
})
