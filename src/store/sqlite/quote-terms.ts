/** Terms in a row as an FTS5 phrase: a quoted string is the only syntax of it without operators. */
export function quoteTerms(terms: readonly string[]): string {
  return `"${terms.join(' ').replaceAll('"', '""')}"`
}

/** An FTS5 query for any of the terms. */
export function anyOf(terms: readonly string[]): string {
  return terms.map((term) => quoteTerms([term])).join(' OR ')
}
