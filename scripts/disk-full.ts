// Fills small disks while an index is written, compacted, migrated and backed up, and looks at what is left:
// npm run disk-full [-- --runs 50 --seed 1] (as root: it mounts file systems in memory of 8, 16 and 64 MB)
import { execFileSync } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { backupIndex } from '#dist/store/sqlite/backup/backup-index.js'
import { openSqliteStore } from '#dist/store/sqlite/sqlite-store.js'
import { verifyIndex } from '#dist/store/sqlite/verify/verify-index.js'
import type { Store } from '#dist/store/store.js'
import { addDocuments, beginMigration, openSmallStore, searchBoth } from './crash/small-store.js'
import { createRandom } from './http/random.js'

const SIZES_MB = [8, 16, 64]
const OPERATIONS = ['add', 'compact', 'migrate', 'backup'] as const
/** Documents of an index to begin with: with its log they must fit the smallest disk. */
const FIRST_DOCUMENTS = 20
const MAX_BATCHES = 2_000

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
})
const draw = createRandom(Number(values.seed))
const folder = mkdtempSync(join(tmpdir(), 'gemdex-disk-'))
const counts = { full: 0, refusedEarly: 0, done: 0 }

/** Fills the disk but for so many bytes, as others do. */
function fill(disk: string, leave: number): void {
  const { bavail, bsize } = statfsSync(disk)
  const file = openSync(join(disk, 'others'), 'w')
  const block = Buffer.alloc(64 * 1024)
  try {
    for (let left = bavail * bsize - leave; left > 0; left -= block.length)
      writeSync(file, block, 0, Math.min(left, block.length))
  } finally {
    closeSync(file)
  }
}

async function operate(store: Store, operation: (typeof OPERATIONS)[number], disk: string): Promise<void> {
  const path = join(disk, 'index.db')
  if (operation === 'compact') await store.compact()
  else if (operation === 'backup') await backupIndex(path, join(disk, 'backup.db'), { replace: true })
  else if (operation === 'migrate') await beginMigration(store)
  else for (let batch = 0; batch < MAX_BATCHES; batch++) await addDocuments(store, 1_000 + 10 * batch, 10)
}

async function run(number: number): Promise<void> {
  const sizeMb = SIZES_MB[number % SIZES_MB.length] ?? 8
  const operation = OPERATIONS[Math.floor(number / SIZES_MB.length) % OPERATIONS.length] ?? 'add'
  const disk = join(folder, `disk-${number}`)
  mkdirSync(disk)
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMb}m`, 'tmpfs', disk])
  try {
    const path = join(disk, 'index.db')
    const store = await openSmallStore(path, 0)
    await addDocuments(store, 0, FIRST_DOCUMENTS)
    fill(disk, draw(3 * 1024 * 1024))
    try {
      await operate(store, operation, disk)
      counts.done++
    } catch (error) {
      if ((error as { code?: string }).code !== 'STORE_FULL') throw error
      counts.full++
    }
    const meanwhile = await searchBoth(store)
    if (meanwhile === 0) throw new Error('nothing is found while the disk is full')
    rmSync(join(disk, 'others'))
    rmSync(join(disk, 'backup.db'), { force: true })
    await addDocuments(store, 900, 5)
    await store.close()
    const { findings } = verifyIndex(path)
    if (findings.length > 0) throw new Error(`damaged: ${JSON.stringify(findings)}`)
    const usual = openSqliteStore(path, { create: false, minFreeBytes: 2 ** 40 })
    await addDocuments(usual, 950, 1).then(
      () => Promise.reject(new Error('a write was not refused early')),
      (error: { code?: string }) => {
        if (error.code !== 'STORE_FULL') throw error
        counts.refusedEarly++
      },
    )
    await usual.close()
  } catch (error) {
    throw new Error(`run ${number}, ${sizeMb} MB, ${operation}: ${(error as Error).message}`, {
      cause: error,
    })
  } finally {
    execFileSync('umount', ['-l', disk])
  }
}

try {
  const runs = Number(values.runs)
  for (let number = 0; number < runs; number++) await run(number)
  console.log(
    `runs ${runs}, seed ${values.seed}, disks of ${SIZES_MB.join(', ')} MB; ${OPERATIONS.join(', ')}`,
  )
  console.log(
    `full ${counts.full}, done in time ${counts.done}; 0 damaged, 0 searches failed; all went on without a restart`,
  )
  console.log(`refused early, before anything was written: ${counts.refusedEarly} of ${runs}`)
} finally {
  rmSync(folder, { recursive: true })
}
