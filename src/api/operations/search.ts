import { examples } from '../examples.js'
import { type Operation, operation } from '../operation.js'
import { searchAnswer, searchQuery, searchRequest, suggestAnswer, suggestQuery } from '../schemas/search.js'

/** Finding passages. */
export const searchOperations = {
  search: operation({
    id: 'search',
    method: 'POST',
    path: '/v1/search',
    tag: 'Search',
    summary: 'Find passages',
    description:
      'Ranks by words and meaning together. When the query cannot be embedded, keywords answer alone and `degraded` says why.',
    access: 'read',
    body: searchRequest,
    answer: searchAnswer,
    errors: ['NOT_FOUND', 'NO_INDEX', 'STORE_BUSY'],
    requestExamples: { plain: { summary: 'In one collection', value: examples.search } },
    answerExample: examples.searchAnswer,
  }),
  searchByQuery: operation({
    id: 'searchByQuery',
    method: 'GET',
    path: '/v1/search',
    tag: 'Search',
    summary: 'Find passages, by the query string',
    access: 'read',
    query: searchQuery,
    answer: searchAnswer,
    errors: ['NOT_FOUND', 'NO_INDEX', 'STORE_BUSY'],
    answerExample: examples.searchAnswer,
  }),
  suggest: operation({
    id: 'suggest',
    method: 'GET',
    path: '/v1/suggest',
    tag: 'Search',
    summary: 'How a query that is being typed may go on',
    access: 'read',
    query: suggestQuery,
    answer: suggestAnswer,
    answerExample: examples.suggestAnswer,
  }),
} as const satisfies Record<string, Operation>
