/** Terms in a row as an FTS5 phrase: a quoted string is the only syntax of it without operators. */
export function quoteTerms(terms: readonly string[]): string {
  return `"${terms.join(' ').replaceAll('"', '""')}"`
}
