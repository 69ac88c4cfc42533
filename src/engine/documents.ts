import type { SearchEngine } from '../engine.js'
import { GemdexError } from '../errors.js'
import { requireCollection } from '../search/search-request.js'
import { summaryOf } from '../store/store.js'
import type { EngineDependencies } from './engine-dependencies.js'
import { findDocument, findPassage, isWithinReach, listLeftOut, notFound } from './find-document.js'

/** What is asked of single documents. */
export type Documents = Pick<
  SearchEngine,
  'similar' | 'listLeftOut' | 'listDocuments' | 'getDocument' | 'getPassage'
>

export function createDocuments({
  store,
  queryEmbedder,
}: Pick<EngineDependencies, 'store' | 'queryEmbedder'>): Documents {
  return {
    async similar(reference, options = {}) {
      const { collections } = options
      await requireCollection(store, options.collection, collections)
      const reach = collections === undefined ? {} : { collections }
      const { document, ordinal } = await findPassage(store, reference, reach)
      const identity = await store.identity()
      const embedder = identity === undefined ? undefined : queryEmbedder(identity)
      const usable = embedder === undefined || 'unavailable' in embedder ? undefined : embedder
      const passage = ordinal === undefined ? {} : { ordinal }
      const { findSimilar } = await import('../search/similar.js')
      const hits = await findSimilar(store, usable, { ...options, documentId: document.id, ...passage })
      return { documentId: document.id, title: document.title, hits }
    },

    listLeftOut: () => listLeftOut(store),

    async listDocuments(filter) {
      await requireCollection(store, filter.collection, filter.collections)
      return store.listDocuments(filter)
    },

    async getDocument(reference, reach) {
      const { id } = await findDocument(store, reference, reach)
      const document = await store.getDocument(id)
      if (document === undefined) throw notFound(reference)
      return document
    },

    async getPassage(id, reach) {
      const found = await store.getDocument(id.replace(/-\d+$/, ''))
      const document = found !== undefined && isWithinReach(found, reach) ? found : undefined
      const passage = document?.passages.find((each) => each.id === id)
      if (document === undefined || passage === undefined) {
        throw new GemdexError('NOT_FOUND', `There is no passage "${id}" in the index`, {
          hint: 'Search results name the passages there are, until their document is indexed anew.',
        })
      }
      const { passageInContext } = await import('../search/passage-in-context.js')
      return { document: summaryOf(document), ...passageInContext(document, passage) }
    },
  }
}
