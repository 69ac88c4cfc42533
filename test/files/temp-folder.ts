import { chmod, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type FoundSkip, type WalkOptions, walkFolder } from '../../src/files/walk.js'
import type { SourceFile } from '../../src/types.js'

/** A folder (its real path) with these files in it, gone after the test. */
export async function tempFolder(files: Readonly<Record<string, string | Uint8Array>> = {}): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'gemdex-files-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  // So that an unprivileged user can get in, see `asUnprivileged`.
  await chmod(folder, 0o755)
  await addFiles(folder, files)
  return folder
}

export async function addFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
}

export type Walked = {
  readonly files: readonly SourceFile[]
  readonly uris: readonly string[]
  readonly skipped: readonly FoundSkip[]
  readonly ignored: readonly string[]
}

export async function walkAll(root: string, options: WalkOptions = {}): Promise<Walked> {
  const files: SourceFile[] = []
  const skipped: FoundSkip[] = []
  const ignored: string[] = []
  for await (const event of walkFolder(root, options)) {
    if (event.type === 'file') files.push(event.file)
    else if (event.type === 'ignored') ignored.push(event.uri)
    else {
      const { type: _, ...skip } = event
      skipped.push(skip)
    }
  }
  return { files, uris: files.map((file) => file.uri), skipped, ignored }
}

/** The one file of this URI under the root. */
export async function findFile(root: string, uri: string): Promise<SourceFile> {
  const found = (await walkAll(root)).files.find((file) => file.uri === uri)
  if (found === undefined) throw new Error(`no ${uri} in ${root}`)
  return found
}

/** Runs with permissions enforced: the superuser, as which containers run tests, may read everything. */
export async function asUnprivileged<T>(action: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0 || process.seteuid === undefined) return action()
  process.seteuid(65534)
  try {
    return await action()
  } finally {
    process.seteuid(0)
  }
}
