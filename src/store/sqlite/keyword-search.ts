import type { Database } from 'better-sqlite3'
import type { PlannedUnit, ScoredChunk } from '../store.js'
import { type Chosen, type Counted, roughlyBest } from './choose-passages.js'
import type { IdSet } from './id-set.js'
import type { KeywordTables } from './keyword-tables.js'
import { createPassageLengths } from './passage-lengths.js'
import { anyOf } from './quote-terms.js'
import { rankPassages } from './rank-passages.js'
import type { TermPostings, TermPostingsReader } from './term-postings.js'
import { collectPostings, countInTexts, type PassageTerms, type UnitPostings } from './unit-postings.js'

export type KeywordLimits = {
  /** Passages ranked at least, when so many are found: the best by a score that needs nothing but postings. */
  readonly ranked: number
  /** Of these, the passages that are read to count what is too common for its postings to be read. */
  readonly read: number
  /** Terms in more passages find nothing by their postings. */
  readonly found: number
}

/** Bound a search among a million passages to some 40 ms. */
const LIMITS: KeywordLimits = { ranked: 2000, read: 300, found: 60_000 }

/** Searches the inverted index: FTS5 gives the postings, BM25F and nearness of words are computed here. */
export function createKeywordSearch(
  database: Database,
  tables: KeywordTables,
  postings: TermPostingsReader,
  limits = LIMITS,
) {
  const holders = database
    .prepare<[string], number>('SELECT rowid FROM chunk_fts WHERE chunk_fts MATCH ?')
    .pluck()
  const termsOf = database.prepare<[string], PassageTerms>(
    `SELECT f.rowid AS chunkId, f.title, f.text, f.parts
     FROM json_each(?) wanted CROSS JOIN chunk_fts f ON f.rowid = wanted.value`,
  )
  const lengths = createPassageLengths(database)

  /** Passages with any of the units that find, though these are in very many: such as hold all words first, as far as there are. */
  function commonHolders(units: readonly PlannedUnit[], passages: IdSet | undefined): Uint32Array {
    const words = units.filter(({ hasPlace }) => hasPlace).map(({ terms }) => `(${anyOf(terms)})`)
    const finding = `(${anyOf(units.filter(finds).flatMap(({ terms }) => terms))})`
    const found = new Set<number>()
    for (const query of [[finding, ...words].join(' AND '), finding]) {
      for (const id of holders.iterate(query)) {
        if (passages === undefined || passages.has(id)) found.add(id)
        if (found.size === limits.read) return Uint32Array.from(found).sort()
      }
    }
    return Uint32Array.from(found).sort()
  }

  /** Ranks what was chosen: `read` passages by all units, the others by those whose postings are known. */
  function rank(
    units: readonly PlannedUnit[],
    known: ReadonlyMap<PlannedUnit, readonly TermPostings[]>,
    { ranked, read }: Chosen,
    limit: number,
  ): ScoredChunk[] {
    const passages = lengths.of(ranked)
    const refining = countIn(read)
    const counted = units.map((unit) => {
      const lists = known.get(unit)
      return {
        ...unit,
        postings: lists === undefined ? refining(unit, passages.ids) : collectPostings(lists, passages.ids),
      }
    })
    const { passages: all, titleTerms, textTerms } = tables.totals()
    return rankPassages(counted, passages, { title: titleTerms / all, text: textTerms / all }, limit)
  }

  /** Counts a unit in these passages alone: from its postings while they are at hand, else from what the passages hold. */
  function countIn(read: Uint32Array) {
    const isRead = new Set(read)
    let texts: readonly PassageTerms[] | undefined
    return ({ terms }: PlannedUnit, passages: Uint32Array): UnitPostings => {
      if (terms.every(postings.isKept))
        return collectPostings(terms.map(postings.of), passages, (id) => isRead.has(id))
      texts ??= termsOf.all(JSON.stringify(Array.from(read)))
      return countInTexts(terms, texts, passages)
    }
  }

  return {
    /** Passages with any of the units that find, best first by score, then by id. */
    search(units: readonly PlannedUnit[], limit: number, passages: IdSet | undefined): ScoredChunk[] {
      const finding = units.filter(finds)
      if (finding.length === 0) return []
      if (postings.refresh()) lengths.forget()
      if (finding.reduce((sum, unit) => sum + unit.passages, 0) > limits.found) {
        const read = commonHolders(units, passages)
        return rank(units, new Map(), { ranked: read, read }, limit)
      }
      const counted = units
        .filter(({ role }) => role !== 'refine')
        .map((unit): Counted => ({ unit, terms: unit.terms.map(postings.of) }))
      const known = new Map(counted.map(({ unit, terms }) => [unit, terms]))
      const chosen = roughlyBest(counted, passages, {
        ranked: Math.max(limit, limits.ranked),
        read: limits.read,
      })
      return rank(units, known, chosen, limit)
    },
  }
}

function finds({ role }: PlannedUnit): boolean {
  return role === 'find'
}
