/** A query as its writer means it. */
export type ParsedQuery = {
  /** What is looked for: the query without excluded words and quotation marks. */
  readonly text: string
  /** What stood in quotation marks: each must stand so in a passage. */
  readonly phrases: readonly string[]
  /** Words and phrases that no passage found may hold. */
  readonly excluded: readonly string[]
}

const PHRASE = /((?<!\S)[-−])?["“”„«»]([^"“”„«»]*)["“”„«»]/gu
/** `-word` after a blank. Not `--flag`, `-5`, `-v` or `well-known`: those are looked for. East Asian words are short. */
const EXCLUDED =
  /(?<!\S)[-−](\p{L}[\p{L}\p{N}\p{M}_.-]{2,}|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]{2})(?!\S)/gu
const WORD = /[\p{L}\p{N}]/u

/**
 * Reads `"phrases"`, `-words` and `-"phrases"` of a query; everything else is words, whatever operators it looks like. A query of
 * excluded words alone looks for them instead: there is nothing else to rank by.
 */
export function parseQuery(query: string): ParsedQuery {
  const phrases: string[] = []
  const excluded: string[] = []
  const unquoted = query.replace(PHRASE, (_, minus: string | undefined, phrase: string) => {
    if (!WORD.test(phrase)) return ' '
    if (minus !== undefined) {
      excluded.push(phrase)
      return ' '
    }
    phrases.push(phrase)
    return ` ${phrase.replace(/(?<!\S)[-−]/gu, '')} `
  })
  const text = unquoted.replace(EXCLUDED, (_, word: string) => {
    excluded.push(word)
    return ' '
  })
  if (!WORD.test(text)) return { text: query, phrases: [], excluded: [] }
  if (phrases.length === 0 && excluded.length === 0) return { text: query, phrases, excluded }
  return { text: text.replace(/\s+/g, ' ').trim(), phrases, excluded }
}
