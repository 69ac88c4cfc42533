/** What stands where a key stood. */
const MASK = '[key]'

/** The forms of Google's keys in November 2026: classic ones and "auth keys". The key in use is found by its value. */
const KEY_LIKE = /AIza[\w-]{20,}|AQ\.[\w.-]{20,}/g

/** Gives the text without the key, as it is, URL-encoded or JSON-escaped, and without anything that looks like a key. */
export function scrub(text: string, apiKey: string): string {
  let clean = text
  for (const form of new Set([apiKey, encodeURIComponent(apiKey), JSON.stringify(apiKey).slice(1, -1)])) {
    if (form !== '') clean = clean.replaceAll(form, MASK)
  }
  return clean.replace(KEY_LIKE, MASK)
}

/** How many causes below one another are worth keeping: fetch nests two. */
const MAX_CAUSES = 4

/**
 * A copy of an error that is safe to keep as a `cause`: name, message, `code` and stack without the key, and its causes
 * likewise. Everything else that the original carries (request, response, details) stays behind, since it may hold the
 * key in a place that nobody looks at.
 */
export function scrubError(thrown: unknown, apiKey: string, depth = MAX_CAUSES): Error {
  if (!(thrown instanceof Error)) return new Error(scrub(String(thrown), apiKey))
  const cause =
    thrown.cause === undefined || depth <= 1 ? undefined : scrubError(thrown.cause, apiKey, depth - 1)
  const copy: Error & { code?: string } = new Error(
    scrub(thrown.message, apiKey),
    cause === undefined ? undefined : { cause },
  )
  copy.name = thrown.constructor.name || thrown.name
  copy.stack = scrub(thrown.stack ?? thrown.message, apiKey)
  if ('code' in thrown && typeof thrown.code === 'string') copy.code = thrown.code
  return copy
}
