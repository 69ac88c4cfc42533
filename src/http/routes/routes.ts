import type { Route } from '../route.js'
import { askRoutes } from './ask.js'
import { corpusRoutes } from './corpus.js'
import { documentRoutes } from './documents.js'
import { jobRoutes } from './jobs.js'
import { mcpRoutes } from './mcp.js'
import { openAiRoutes } from './openai.js'
import { searchRoutes } from './search.js'
import { serviceRoutes } from './service.js'
import { sessionRoutes } from './sessions.js'

/** Every route there is, in the order they are listed. */
export function allRoutes(): readonly Route[] {
  const routes: Route[] = [...searchRoutes, ...askRoutes, ...sessionRoutes, ...documentRoutes]
  routes.push(...corpusRoutes, ...jobRoutes)
  const names = () => routes.map(({ operation: { method, path } }) => `${method} ${path}`)
  routes.push(...openAiRoutes, ...mcpRoutes, ...serviceRoutes(names))
  return routes
}
