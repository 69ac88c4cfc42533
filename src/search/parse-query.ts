/** A query as its writer means it. */
export type ParsedQuery = {
  /** What is looked for: the query without excluded words and quotation marks. */
  readonly text: string
  /** What stood in quotation marks: each must stand so in a passage. */
  readonly phrases: readonly string[]
  /** Words that no passage found may hold. */
  readonly excluded: readonly string[]
}

const PHRASE = /["“”„«»]([^"“”„«»]*)["“”„«»]/gu
/** `-word` after a blank. Not `--flag`, `-5`, `-v` or `well-known`: those are looked for. */
const EXCLUDED = /(?<!\S)[-−](\p{L}[\p{L}\p{N}\p{M}_.-]{2,})(?!\S)/gu
const WORD = /[\p{L}\p{N}]/u

/**
 * Reads `"phrases"` and `-words` of a query; everything else is words, whatever operators it looks like. A query of
 * excluded words alone looks for them instead: there is nothing else to rank by.
 */
export function parseQuery(query: string): ParsedQuery {
  const phrases: string[] = []
  const unquoted = query.replace(PHRASE, (_, phrase: string) => {
    if (!WORD.test(phrase)) return ' '
    phrases.push(phrase)
    return ` ${phrase.replace(/(?<!\S)[-−]/gu, '')} `
  })
  const excluded: string[] = []
  const text = unquoted.replace(EXCLUDED, (_, word: string) => {
    excluded.push(word)
    return ' '
  })
  if (!WORD.test(text)) return { text: query, phrases: [], excluded: [] }
  if (phrases.length === 0 && excluded.length === 0) return { text: query, phrases, excluded }
  return { text: text.replace(/\s+/g, ' ').trim(), phrases, excluded }
}
