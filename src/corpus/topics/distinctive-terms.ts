import type { TermTable } from '../features/term-table.js'

/**
 * The terms that set groups of texts apart, best first: by class-based TF-IDF (Grootendorst, BERTopic, 2022), the share of a term in
 * its group by the logarithm of how rare it is in all. Terms of a single text say nothing of a group.
 */
export function distinctiveTerms(
  table: TermTable,
  groups: readonly (readonly number[])[],
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
        const isOfMany = (frequencies[id] ?? 0) > 1
        return name === undefined || !isOfMany
          ? []
          : [{ name, weight: count * Math.log(1 + average / (totals[id] ?? 1)) }]
      })
      .sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1))
      .slice(0, limit)
      .map(({ name }) => name),
  )
}
