import type { SearchEngine } from '../engine.js'
import type { DocumentSummary } from '../types.js'

const PAGE = 500

/** Every document, by collection and path. */
export async function listAll(engine: SearchEngine, collection?: string): Promise<DocumentSummary[]> {
  const documents: DocumentSummary[] = []
  let after: string | undefined
  do {
    const page = await engine.listDocuments({
      limit: PAGE,
      ...(collection === undefined ? {} : { collection }),
      ...(after === undefined ? {} : { after }),
    })
    documents.push(...page.items)
    after = page.next
  } while (after !== undefined)
  return documents.sort((a, b) => (`${a.collection}/${a.uri}` < `${b.collection}/${b.uri}` ? -1 : 1))
}
