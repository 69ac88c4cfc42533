// Several processes write at once while others search and copies are made: npm run soak [-- --seconds 60 --writers 4]
//
// Nobody may be turned away, nobody may wait for long, every copy must be sound, and the write-ahead log stays bounded and is gone
// soon after all is quiet.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { backupIndex } from '#dist/store/sqlite/backup/backup-index.js'
import { verifyIndex } from '#dist/store/sqlite/verify/verify-index.js'
import { addDocuments, openSmallStore, searchBoth } from './crash/small-store.js'

/** Documents of each writer begin there, so that none writes those of another. */
const APART = 1_000_000
const LONGEST_WAIT_GOAL_MS = 5_000
const MB = 1024 * 1024
const WAL_GOAL_BYTES = 64 * MB
const QUIET_MS = 10_000
const QUIET_GOAL_BYTES = MB

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    writers: { type: 'string', default: '4' },
    /** Makes this process one of them: its number, and the index. */
    write: { type: 'string' },
    index: { type: 'string', default: '' },
  },
})

if (values.write === undefined) await soak()
else await write(Number(values.write), values.index)

type Written = { readonly documents: number; readonly longestMs: number }

/** Says that it is ready, writes when it is told to and for so many seconds, and says how much and the longest wait for a document. */
async function write(number: number, path: string): Promise<void> {
  const store = await openSmallStore(path)
  process.send?.('ready')
  await once(process, 'message')
  const untilMs = performance.now() + Number(values.seconds) * 1000
  let [documents, longestMs] = [0, 0]
  while (performance.now() < untilMs) {
    const started = performance.now()
    await addDocuments(store, number * APART + documents++, 1)
    longestMs = Math.max(longestMs, performance.now() - started)
  }
  await store.close()
  process.send?.({ documents, longestMs } satisfies Written)
  process.disconnect()
}

async function soak(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'gemdex-soak-'))
  const path = join(folder, 'index.db')
  const walBytes = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
  try {
    const store = await openSmallStore(path)
    await addDocuments(store, 0, 1)
    const writers = await Promise.all(
      Array.from({ length: Number(values.writers) }, (_, i) => startWriter(i + 1, path)),
    )
    let isWriting = true
    const writing = Promise.all(writers.map((writer) => writer())).finally(() => {
      isWriting = false
    })
    let [copies, searches, largestWal] = [0, 0, 0]
    const copying = (async () => {
      while (isWriting) {
        await backupIndex(path, join(folder, 'copy.db'), { replace: true })
        copies++
      }
    })()
    while (isWriting) {
      if ((await searchBoth(store)) === 0) throw new Error('a search found nothing')
      searches++
      largestWal = Math.max(largestWal, walBytes())
      await sleep(10)
    }
    await copying
    const written = await writing
    const { sizeBytes, findings, counts } = verifyIndex(path)
    if (findings.length > 0) throw new Error(`damaged: ${JSON.stringify(findings)}`)
    const documents = written.reduce((sum, each) => sum + each.documents, 1)
    if (counts.documents !== documents)
      throw new Error(`${counts.documents} of ${documents} documents are there`)
    await addDocuments(store, 1, 1)
    await sleep(QUIET_MS)
    const quiet = walBytes()
    await store.close()
    const longestMs = Math.max(...written.map((each) => each.longestMs))
    const walGoal = Math.max(WAL_GOAL_BYTES, sizeBytes / 4)
    console.log(
      `writers ${values.writers}, ${values.seconds} s: ${documents} documents, 0 refused, longest wait ${Math.round(longestMs)} ms (goal ${LONGEST_WAIT_GOAL_MS})`,
    )
    console.log(`copies made and verified meanwhile ${copies}, searches ${searches}, 0 damaged`)
    console.log(
      `index ${megabytes(sizeBytes)}, largest log ${megabytes(largestWal)} (goal ${megabytes(walGoal)}), after ${QUIET_MS / 1000} s of quiet ${megabytes(quiet)} (goal ${megabytes(QUIET_GOAL_BYTES)})`,
    )
    if (longestMs > LONGEST_WAIT_GOAL_MS || largestWal > walGoal || quiet > QUIET_GOAL_BYTES)
      process.exitCode = 1
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Starts one of them, and gives what lets it begin once it is ready. */
async function startWriter(number: number, path: string): Promise<() => Promise<Written>> {
  const args = ['--write', String(number), '--index', path, '--seconds', values.seconds]
  const child = fork(fileURLToPath(import.meta.url), args)
  const ended = new Promise<never>((_, reject) =>
    child.once('disconnect', () => reject(new Error(`writer ${number} has ended too early`))),
  )
  const next = () => Promise.race([once(child, 'message').then(([message]) => message), ended])
  await next()
  return () => {
    child.send('begin')
    return next() as Promise<Written>
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / MB).toFixed(1)} MB`
}
