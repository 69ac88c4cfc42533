import type { IncomingMessage } from 'node:http'
import type { Operation } from '../api/operation.js'
import { operations } from '../api/operations.js'
import type { Lanes } from './admit-engine.js'
import type { Lane } from './lane.js'

/** What is asked for most, and needs a place in a lane whatever it says. */
const reading: readonly Operation[] = [
  operations.search,
  operations.searchByQuery,
  operations.suggest,
  operations.embed,
]
const answering: readonly Operation[] = [operations.ask, operations.complete]

export type Admission = { readonly lane: Lane; readonly path: string; readonly isOpenAi: boolean }

/**
 * Gives the lane that a request will need a place in, by its first line alone: when that lane is full, nothing more has to be
 * made of the request. Undefined for those that show what they need later.
 */
export function laneFinder(lanes: Lanes): (request: IncomingMessage) => Admission | undefined {
  const entries = (
    [
      [lanes.reading, reading],
      [lanes.answering, answering],
    ] as const
  ).flatMap(([lane, operations]) =>
    operations.map(({ method, path, isOpenAi = false }): [string, Admission] => [
      `${method} ${path}`,
      { lane, path, isOpenAi },
    ]),
  )
  const found = new Map<string, Admission>(entries)
  return ({ method, url = '' }) => {
    const query = url.indexOf('?')
    return found.get(`${method} ${query === -1 ? url : url.slice(0, query)}`)
  }
}
