import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestProject } from 'vitest/node'
import { runProgram, serveProgram } from './start-program.js'

declare module 'vitest' {
  export interface ProvidedContext {
    /** Address of a service over the sample documents, embedded and answered without a key. */
    sampleUrl: string
  }
}

const SAMPLE = fileURLToPath(new URL('../../data/sample', import.meta.url))
const PARTS = ['de', 'es', 'handbook', 'minutes', 'procedures', 'reports', 'parts', 'web']

/** One service for all tests that only look at what is there: to index the sample documents takes some seconds. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-browser-'))
  await runProgram(folder, ['index', ...PARTS.map((part) => join(SAMPLE, part))])
  const service = await serveProgram(folder)
  project.provide('sampleUrl', service.url)
  return async () => {
    await service.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
