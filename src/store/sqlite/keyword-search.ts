import type { Database } from 'better-sqlite3'
import type { PlannedUnit, ScoredChunk } from '../store.js'
import { type Counted, roughlyBest } from './choose-passages.js'
import type { IdSet } from './id-set.js'
import type { KeywordTables } from './keyword-tables.js'
import { createPassageLengths } from './passage-lengths.js'
import { anyOf } from './quote-terms.js'
import { rankPassages } from './rank-passages.js'
import type { TermPostings, TermPostingsReader } from './term-postings.js'
import { collectPostings, countInTexts, type PassageTerms, type Postings } from './unit-postings.js'

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
  function commonHolders(units: readonly PlannedUnit[], passages: IdSet | undefined): number[] {
    const words = units.filter(({ hasPlace }) => hasPlace).map(({ terms }) => `(${anyOf(terms)})`)
    const finding = anyOf(units.filter(finds).flatMap(({ terms }) => terms))
    const found = new Set<number>()
    for (const query of [`(${finding}) AND ${words.join(' AND ')}`, finding]) {
      for (const id of holders.iterate(query)) {
        if (passages === undefined || passages.has(id)) found.add(id)
        if (found.size === limits.read) return [...found]
      }
    }
    return [...found]
  }

  /** Ranks what was chosen: `read` passages by all units, the others by those whose postings are known. */
  function rank(
    units: readonly PlannedUnit[],
    known: ReadonlyMap<PlannedUnit, readonly TermPostings[]>,
    { ranked, read }: { readonly ranked: readonly number[]; readonly read: readonly number[] },
  ): ScoredChunk[] {
    const isRanked = new Set(ranked)
    const texts = known.size === units.length ? [] : termsOf.all(JSON.stringify(read))
    const postingsOf = (unit: PlannedUnit): Postings => {
      const lists = known.get(unit)
      return lists === undefined ? countInTexts(unit.terms, texts) : collectPostings(lists, isRanked)
    }
    const { passages, titleTerms, textTerms } = tables.totals()
    const average = { title: titleTerms / passages, text: textTerms / passages }
    const counted = units.map((unit) => ({ ...unit, postings: postingsOf(unit) }))
    return rankPassages(counted, lengths.of(ranked), average)
  }

  return {
    /** Passages with any of the units that find, best first by score, then by id. */
    search(units: readonly PlannedUnit[], limit: number, passages: IdSet | undefined): ScoredChunk[] {
      const finding = units.filter(finds)
      if (finding.length === 0) return []
      if (postings.refresh()) lengths.forget()
      if (finding.reduce((sum, unit) => sum + unit.passages, 0) > limits.found) {
        const read = commonHolders(units, passages)
        return rank(units, new Map(), { ranked: read, read }).slice(0, limit)
      }
      const counted = units
        .filter(({ role }) => role !== 'refine')
        .map((unit): Counted => ({ unit, terms: unit.terms.map(postings.of) }))
      const known = new Map(counted.map(({ unit, terms }) => [unit, terms]))
      const chosen = roughlyBest(counted, passages, {
        ranked: Math.max(limit, limits.ranked),
        read: limits.read,
      })
      return rank(units, known, chosen).slice(0, limit)
    },
  }
}

function finds({ role }: PlannedUnit): boolean {
  return role === 'find'
}
