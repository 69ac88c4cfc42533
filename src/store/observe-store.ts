import { type Observer, timed } from '../observer.js'
import type { Store } from './store.js'

/** The same store, its searches timed and the texts counted whose vector is known. */
export function observeStore<Given extends Store>(store: Given, observer: Observer): Given {
  return {
    ...store,
    async knownEmbeddings(keys, of) {
      const known = await store.knownEmbeddings(keys, of)
      observer.lookedUp(known.size, new Set(keys).size - known.size)
      return known
    },
    searchVectors: (...args) => timed(observer, 'vector', () => store.searchVectors(...args)),
    searchKeywords: (...args) => timed(observer, 'keyword', () => store.searchKeywords(...args)),
  }
}
