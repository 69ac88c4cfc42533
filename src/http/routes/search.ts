import { operations } from '../../api/operations.js'
import { type Route, route } from '../route.js'

export const searchRoutes: readonly Route[] = [
  route(operations.search, ({ body }, { engine, call: { signal } }) => engine.search({ ...body, signal })),
  route(operations.searchByQuery, ({ query }, { engine, call: { signal } }) =>
    engine.search({ ...query, signal }),
  ),
  route(operations.suggest, async ({ query: { q, ...options } }, { engine }) => ({
    suggestions: await engine.suggest(q, options),
  })),
]
