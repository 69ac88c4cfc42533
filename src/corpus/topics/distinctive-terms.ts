import type { TermTable } from '../features/term-table.js'

/** Clumping that counts half, and what a term without any has left: of short texts none is said twice. */
const HALF_CLUMPING = 0.2
const LEAST_WEIGHT = 0.05
/** Words of any text, whatever it is about; folded, English, German, Spanish and French. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'use used uses using example examples need needs needed include included includes including provide provided provides providing ' +
    'allow allows want wants see following based different various several given called available possible please note however also ' +
    'first second new way ways like done ' +
    'verwenden verwendet verwendung beispiel beispiele beispielsweise wurde wurden verschiedene folgende erste ersten neue neuen ' +
    'usar usado usando ejemplo ejemplos incluye diferentes siguiente siguientes primera primero nuevo nueva ' +
    'utiliser utilise exemple exemples differents suivant suivante premier premiere nouveau nouvelle'
  ).split(' '),
)

/**
 * The terms that set groups of texts apart, best first: by class-based TF-IDF (Grootendorst, BERTopic, 2022), the share of a term in
 * its group by the logarithm of how rare it is in all, and by how far it clumps (`measureClumping`), as what texts are about does.
 * Terms of a single text say nothing of a group.
 */
export function distinctiveTerms(
  table: TermTable,
  groups: readonly (readonly number[])[],
  clumpingOf: (term: number) => number,
  limit: number,
): string[][] {
  const frequencies = table.frequencies()
  const totals = new Float64Array(table.size)
  let sum = 0
  const counted = groups.map((texts) => {
    const counts = new Map<number, number>()
    for (const text of texts) {
      const { ids, counts: each } = table.texts[text] ?? { ids: [], counts: [] }
      for (const [i, id] of ids.entries()) {
        const count = Math.log2(1 + (each[i] ?? 0))
        counts.set(id, (counts.get(id) ?? 0) + count)
        totals[id] = (totals[id] ?? 0) + count
        sum += count
      }
    }
    return counts
  })
  const average = sum / Math.max(1, groups.length)
  return counted.map((counts) =>
    [...counts]
      .flatMap(([id, count]) => {
        const name = table.nameOf(id)
        if (name === undefined || COMMON_WORDS.has(name) || (frequencies[id] ?? 0) < 2) return []
        return [{ name, weight: count * Math.log(1 + average / (totals[id] ?? 1)) * clumped(clumpingOf(id)) }]
      })
      .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
      .slice(0, limit)
      .map(({ name }) => name),
  )
}

function clumped(clumping: number): number {
  return LEAST_WEIGHT + ((1 - LEAST_WEIGHT) * clumping) / (clumping + HALF_CLUMPING)
}
