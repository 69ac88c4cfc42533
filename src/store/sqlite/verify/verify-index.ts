import type { Database } from 'better-sqlite3'
import { GemdexError } from '../../../errors.js'
import type { VerifyReport } from '../../verify-report.js'
import { convertStoreError } from '../convert-error.js'
import { openForUpkeep, openReadOnly } from '../open-database.js'
import { isNotWritable, placeToRead } from '../place-to-read.js'
import { readSchemaVersion, schemaVersion } from '../schema.js'
import { isUnclosed, markUnclosed } from '../unclosed.js'
import { checkContent, type Damage } from './check-content.js'
import { checkDerived } from './check-derived.js'
import { checkFile } from './check-file.js'
import { collectFindings } from './collect-findings.js'

const NOTHING = { documents: 0, passages: 0, vectors: 0, embedded: 0 }

/**
 * Checks an index without changing it: the file by SQLite's own checks, texts, passages and vectors by their checksums, and
 * everything derived against what it is made from. An index of an older schema has its file checked only. What is wrong is
 * reported; throws NO_INDEX, and STORE_ codes when there is no index in the file, or it cannot be opened at all. One that cannot be
 * written is read where it is, or in a copy, as it is for searching.
 */
export function verifyIndex(path: string): VerifyReport {
  const wasUnclosed = isUnclosed(path)
  try {
    return verifyIn(path, openForUpkeep)
  } catch (thrown) {
    const error = convertStoreError(thrown, path)
    if (!(error instanceof GemdexError)) throw error
    if (error.code === 'STORE_CORRUPT') {
      if (wasUnclosed) markUnclosed(path)
      return unreadable(path, error)
    }
    if (!isNotWritable(error)) throw error
    const place = placeToRead(path, error)
    try {
      return { ...verifyIn(place.path, place.inPlace ? openReadOnly : openForUpkeep), db: path }
    } finally {
      place.discard()
    }
  }
}

function verifyIn(path: string, open: (path: string) => Database): VerifyReport {
  const database = open(path)
  let isToBeTold = false
  try {
    // A file without a log, such as a backup, is to have none.
    const hasLog = database.pragma('journal_mode', { simple: true }) === 'wal'
    const report = examineSnapshot(database, path)
    isToBeTold = hasLog && !report.isSound
    return report
  } finally {
    database.close()
    // To whoever opens it next.
    if (isToBeTold) markUnclosed(path)
  }
}

/**
 * The checks in one snapshot, so that tables are compared as they were at the same moment. The connection keeps it until it is
 * closed: to end a transaction can fail where pages are damaged.
 */
export function examineSnapshot(database: Database, path: string): VerifyReport {
  database.exec('BEGIN')
  return examine(database, path).report
}

/** The checks themselves, and which rows they found wrong, inside the caller's transaction. */
export function examine(database: Database, path: string): { report: VerifyReport; damage: Damage } {
  const findings = collectFindings()
  const schema = readSchemaVersion(database)
  let damage: Damage = { documents: [], passages: [], vectors: [], unsummed: 0 }
  let counts = NOTHING
  checkFile(database, findings)
  if (schema === schemaVersion) {
    damage = checkContent(database, findings)
    checkDerived(database, findings)
    findings.run('documents', () => {
      counts = countRows(database)
    })
  }
  const pages = database.pragma('page_count', { simple: true }) as number
  const report = {
    db: path,
    schema,
    sizeBytes: pages * (database.pragma('page_size', { simple: true }) as number),
    isSound: findings.all.length === 0,
    counts,
    unsummed: damage.unsummed,
    findings: findings.all,
  }
  return { report, damage }
}

function countRows(database: Database): VerifyReport['counts'] {
  const row = database
    .prepare<[], VerifyReport['counts']>(
      `SELECT (SELECT count(*) FROM documents) AS documents, (SELECT count(*) FROM chunks) AS passages,
         (SELECT count(*) FROM vectors) AS vectors, (SELECT count(*) FROM chunk_vectors cv
           JOIN vector_sets s ON s.id = cv.set_id WHERE s.state = 'active') AS embedded`,
    )
    .get()
  return row ?? NOTHING
}

function unreadable(path: string, error: GemdexError): VerifyReport {
  return {
    db: path,
    schema: 0,
    sizeBytes: 0,
    isSound: false,
    counts: NOTHING,
    unsummed: 0,
    findings: [{ check: 'file', message: error.message, count: 1, mend: 'restore' }],
  }
}
