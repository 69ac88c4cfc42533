import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

/** Tests that drive the page in a browser; the built program must be there (`npm run build`). */
export default defineConfig({
  test: {
    root: fileURLToPath(new URL('../..', import.meta.url)),
    include: ['test/browser/**/*.test.ts'],
    globalSetup: ['./test/browser/sample-service.ts'],
    reporters: ['default', './test/helpers/summary-reporter.ts'],
    // A browser and a service each: two fill two cores.
    maxWorkers: 2,
    testTimeout: 90_000,
    hookTimeout: 60_000,
  },
})
