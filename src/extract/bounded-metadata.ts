/** What a value of a document's metadata may take: files are other people's. */
const MAX_STRING_CHARS = 2000
const MAX_LIST_ENTRIES = 100

/** A text on one line, cut at 2,000 characters; undefined when nothing is left of it. */
export function boundedText(text: string | undefined): string | undefined {
  const line = text
    ?.slice(0, MAX_STRING_CHARS * 2)
    .replace(/[\s\0]+/g, ' ')
    .trim()
    .slice(0, MAX_STRING_CHARS)
  return line === '' ? undefined : line
}

/** The first 100 entries, each as `boundedText` gives it. */
export function boundedList(texts: readonly string[]): readonly string[] {
  return texts.slice(0, MAX_LIST_ENTRIES).flatMap((text) => boundedText(text) ?? [])
}

/** An object without the keys that have no value. */
export function present<T>(entries: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(entries).filter((entry): entry is [string, T] => entry[1] !== undefined),
  )
}
