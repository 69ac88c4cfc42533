// Indexes a folder through the library and prints the report: npm run index -- <folder> [collection]
import { loadConfig, openEngine } from '#dist/index.js'

const [path, collection] = process.argv.slice(2)
if (path === undefined) throw new Error('Name a folder: npm run index -- <folder> [collection]')
const config = loadConfig({ env: process.env, cwd: process.cwd() })
const engine = openEngine(config, { ifMissing: 'create' })
try {
  const report = await engine.index({ path, ...(collection === undefined ? {} : { collection }) })
  const { documents, chunks } = await engine.status()
  for (const { uri, reason, message } of report.skippedFiles)
    console.log(`skipped ${uri}: ${reason} (${message})`)
  console.log(
    `${report.indexed} indexed, ${report.unchanged} unchanged, ${report.removed} removed, ${report.skipped} skipped, ${report.ignored} ignored`,
  )
  console.log(`${config.db} holds ${documents} documents and ${chunks} passages.`)
} finally {
  await engine.close()
}
