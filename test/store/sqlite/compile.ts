import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url))

export type Compiled = { readonly folder: string; readonly discard: () => void }

/**
 * Compiles a program of this repository, with what it imports, into a folder of its own, so that another process runs
 * the sources as they are now and not what `dist` was built from. `sources` are paths in the repository; they come out
 * under the same paths, ending in `.js`.
 */
export function compile(...sources: readonly string[]): Compiled {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-compiled-'))
  const modules = join(REPOSITORY, 'node_modules')
  symlinkSync(modules, join(folder, 'node_modules'), 'junction')
  // What is built by other means than the compiler of TypeScript.
  symlinkSync(join(REPOSITORY, 'dist'), join(folder, 'dist'), 'junction')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  const config = {
    extends: join(REPOSITORY, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      rootDir: REPOSITORY,
      outDir: folder,
      noCheck: true,
      typeRoots: [join(modules, '@types')],
    },
    include: [],
    files: sources.map((source) => join(REPOSITORY, source)),
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
  execFileSync(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '-p', folder])
  return { folder, discard: () => rmSync(folder, { recursive: true, force: true }) }
}
