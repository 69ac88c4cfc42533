import type { IncomingMessage } from 'node:http'
import type { Lanes } from './admit-engine.js'
import type { Arrivals } from './arrivals.js'
import type { Call } from './call.js'
import { type Admission, laneFinder } from './lane-of.js'
import { mayHaveLargeBody } from './read-body.js'

/** What came together with a request is accepted and read first, for so long at most. */
const ARRIVALS_MS = 250
/** Whatever may be work; the rest tells how the service is, and shows its pages. */
const WORK = /^\/(?:v1|mcp)(?:\/|\?|$)/i

export type Reception = {
  /**
   * The lane that a request needs a place in, where its first line tells. Pages of other origins need headers to see the answer: they
   * are refused later.
   */
  readonly admissionOf: (request: IncomingMessage) => Admission | undefined
  /** Lets a request go on to its route: undefined at once, or a promise for later. Throws OVERLOADED without anything made of it. */
  readonly receive: (request: IncomingMessage, call: Call, admission?: Admission) => Promise<void> | undefined
}

export function isWork({ url = '' }: IncomingMessage): boolean {
  return WORK.test(url)
}

/**
 * What comes before a request is looked at: who finds no room is told so, and work waits until all that came together are there; who
 * comes alone need not wait.
 */
export function createReception(lanes: Lanes, arrivals: Arrivals): Reception {
  const findLane = laneFinder(lanes)
  let underWay = 0
  const leave = () => {
    underWay--
  }
  return {
    admissionOf: (request) => (request.headers.origin === undefined ? findLane(request) : undefined),
    receive(request, call, admission) {
      if (!isWork(request)) return undefined
      if (admission !== undefined) {
        call.route = admission.path
        call.isOpenAi = admission.isOpenAi
        if (admission.lane.isFull) throw admission.lane.refuse()
      }
      // Of a body that nobody reads the client goes on to send more, and is late to see that it is refused.
      if (mayHaveLargeBody(request)) return undefined
      call.response.on('close', leave)
      if (underWay++ === 0 && arrivals.areOver) return undefined
      arrivals.count()
      const arrived = arrivals.settled(ARRIVALS_MS)
      return admission?.lane.expect(arrived) ?? arrived
    },
  }
}
