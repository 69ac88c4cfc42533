import { writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { GemdexError } from '../../../src/errors.js'
import { openSqliteStore } from '../../../src/store/sqlite/sqlite-store.js'
import type { Store } from '../../../src/store/store.js'
import { axis, IDENTITY, keyOf, putDocument, putVectors } from '../samples.js'

/**
 * A process that writes. Arguments: the index file, a collection, and how many documents (`Infinity` for no end).
 * Says `ready`, waits for a line, opens the index (making it if need be) and writes; says each thing once the store has
 * acknowledged it: `put <uri>`, `removed <uri>`, at last `done`. A failure is said as `failed <code> <message>`.
 *
 * With `kill <step>` behind these it kills itself at this step of a write. Without an end it also compacts the index and changes
 * its model now and then: `migrating <model>`, `migrated <model>`.
 *
 * Each document has three passages: two with vectors, one found by its URI as a term. Every fourth document is put
 * again in place, every fifth removed.
 */
async function main(path: string, collection: string, documents: number, killAt: string): Promise<void> {
  say('ready')
  for await (const _ of createInterface({ input: process.stdin })) break
  let writes = 0
  const store = openSqliteStore(path, {
    create: true,
    onStep: (step) => {
      if (step === 'begun') writes++
      if (`${step} ${writes}` === killAt || step === killAt) process.kill(process.pid, 'SIGKILL')
    },
  })
  if ((await store.identity()) === undefined) await store.adopt(IDENTITY)
  await store.openCollection(collection, null)
  for (let i = 0; i < documents; i++) {
    await writeDocument(store, collection, i)
    if (documents === Number.POSITIVE_INFINITY && i % 6 === 5) await keepUp(store, i)
  }
  await store.close()
  say('done')
}

async function writeDocument(store: Store, collection: string, i: number): Promise<void> {
  const uri = `${collection}n${i}`
  await putVectors(store, { [uri]: axis(i % 4), shared: axis(1) })
  const passages = [
    { text: 'apple', embedding: uri },
    { text: 'pear', embedding: 'shared' },
    { text: uri, titleTerms: uri },
  ]
  for (let times = i % 4 === 3 ? 2 : 1; times > 0; times--) {
    await putDocument(store, uri, { collection, passages })
    say(`put ${uri}`)
  }
  if (i % 5 !== 4) return
  say(`removing ${uri}`)
  await store.removeFiles(collection, [uri])
  say(`removed ${uri}`)
}

/** Compacts the index, or changes its model. */
async function keepUp(store: Store, i: number): Promise<void> {
  if (i % 12 === 5) {
    await store.compact()
    say('compacted')
    return
  }
  const present = (await store.identity())?.embedder.modelId
  const to = { ...IDENTITY.embedder, modelId: present === 'model-a' ? 'model-b' : 'model-a' }
  say(`migrating ${to.modelId}`)
  await store.beginVectors(to)
  for (const { id, uri } of (await store.listDocuments({ limit: 10_000 })).items) {
    const [first = 0, second = 0] = await store.chunkIdsOf(id)
    const vectors = [uri, 'shared'].map((name, at) => ({
      key: keyOf(name),
      vector: axis(at === 0 ? i % 4 : 1),
    }))
    await store.putEmbeddings(vectors, undefined, to)
    const links = [uri, 'shared'].map((name, at) => ({
      chunkId: at === 0 ? first : second,
      key: keyOf(name),
    }))
    await store.linkEmbeddings(links, to)
  }
  if ((await store.switchVectors(to, [])) !== 0) throw new Error('passages without a vector')
  say(`migrated ${to.modelId}`)
  await store.dropOtherVectors()
}

/** At once and not by way of a stream, which would lose what it holds when the process is killed. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

const [path = '', collection = '', documents = '0', killAt = ''] = process.argv.slice(2)
main(path, collection, Number(documents), killAt).then(
  () => process.exit(0),
  (error: unknown) => {
    const code = error instanceof GemdexError ? error.code : 'RAW'
    say(`failed ${code} ${error instanceof Error ? error.message : String(error)}`)
    process.exit(1)
  },
)
