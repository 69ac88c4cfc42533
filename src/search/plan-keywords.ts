import { contentTerms } from '../text/content-terms.js'

/** Longer queries are cut to their first terms: a pasted page is no better query than its first 64 words. */
const MAX_TERMS = 64

/**
 * The terms a query is searched by: analysed, each once, in order, without the function words of its language. A query
 * of function words only keeps them all.
 */
export function planKeywords(query: string): string[] {
  return [...new Set(contentTerms(query).map(({ term }) => term))].slice(0, MAX_TERMS)
}
