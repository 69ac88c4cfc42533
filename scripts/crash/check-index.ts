import { loadConfig, openEngine, type SearchEngine, verify } from '#dist/index.js'
import { type Folder, markOf, nameOf, SECTIONS, versionIn } from './folder.js'

const MARKER_SEARCHES = 5

export type Environment = Readonly<Record<string, string>>

/**
 * Throws unless the index is sound, every document in it is whole, embedded and of a version that was acknowledged or under way, and
 * found by its words. Gives the time until the first search was answered, milliseconds.
 */
export async function checkIndex(env: Environment, folder: Folder, random: () => number): Promise<number> {
  const config = loadConfig({ env, cwd: folder.path })
  const started = performance.now()
  // First of all, so that it is opened as the process that was killed has left it.
  const engine = openEngine(config, { ifMissing: 'fail' })
  try {
    await engine.search({ query: 'w1', mode: 'keyword' })
    const readyMs = performance.now() - started
    const report = await verify(config)
    if (!report.isSound) throw new Error(`damaged: ${JSON.stringify(report.findings)}`)
    const versions = await readVersions(engine)
    for (let file = 0; file < folder.files; file++) folder.found(file, versions.get(nameOf(file)) ?? 0)
    const present = [...Array(folder.files).keys()].filter((file) => versions.has(nameOf(file)))
    for (let i = 0; i < MARKER_SEARCHES && present.length > 0; i++) {
      const file = present[Math.floor(random() * present.length)] ?? 0
      const query = markOf(file, versions.get(nameOf(file)) ?? 0)
      const { hits } = await engine.search({ query, mode: 'keyword', full: true, limit: 50 })
      if (hits.length !== SECTIONS)
        throw new Error(`${query}: ${hits.length} of ${SECTIONS} passages are found`)
    }
    return readyMs
  } finally {
    await engine.close()
  }
}

async function readVersions(engine: SearchEngine): Promise<Map<string, number>> {
  const versions = new Map<string, number>()
  for (let after: string | undefined; ; ) {
    const page = await engine.listDocuments({ limit: 500, ...(after === undefined ? {} : { after }) })
    for (const { id, uri, embedded, expected } of page.items) {
      if (expected !== SECTIONS || embedded !== expected)
        throw new Error(`${uri} has ${embedded} of ${SECTIONS} passages embedded`)
      if (versions.has(uri)) throw new Error(`${uri} is there twice`)
      const { text } = await engine.getDocument(id)
      const version = versionIn(text)
      if (version === undefined) throw new Error(`${uri} is made of several versions`)
      versions.set(uri, version)
    }
    if (page.next === undefined) return versions
    after = page.next
  }
}
