import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Answerer } from '../../answer/answerer.js'
import type { SearchRequest } from '../../search/search-request.js'
import type { SearchResult } from '../../types.js'
import type { GapOutcome, GapStore } from './gap-store.js'
import { normaliseQuestion } from './normalise-question.js'

/** Different questions of a day that are kept; those of earlier days leave first. */
const MOST_GAPS = 1_000
/** Questions that wait to be kept, of which there are hardly ever two: an index that takes long to write loses some instead. */
const MOST_WAITING = 100

/** Notes what the documents do not answer, beside what is answered: never waited for by who asked, never a reason to fail. */
export interface GapKeeper {
  /** The same answerer, its refusals noted. */
  watch(answerer: Answerer): Answerer
  noteSearch(request: SearchRequest, result: SearchResult): void
  /** Resolves when all that was noted is kept. */
  settled(): Promise<void>
}

export type GapKeeperDependencies = {
  readonly store: GapStore
  /** Whether anything is to be kept: nobody's questions are without it. */
  readonly isKeeping: boolean
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * Of a question only its text is kept, as `normaliseQuestion` leaves it, and the day. Left out is what says nothing of the
 * documents: questions that who asked narrowed, to a collection say, and those asked while the embedder was not there.
 */
export function createGapKeeper({ store, isKeeping, now }: GapKeeperDependencies): GapKeeper {
  let writing: Promise<void> = Promise.resolve()
  let waiting = 0

  function note(text: string, outcome: GapOutcome): void {
    const question = normaliseQuestion(text)
    if (question === undefined || waiting === MOST_WAITING) return
    waiting++
    const day = new Date(now()).toISOString().slice(0, 10)
    writing = writing
      // Who asked has the answer first: a store may work in this thread.
      .then(() => nextTurn())
      .then(() => store.addGap({ question, day, outcome }, MOST_GAPS))
      // An index that cannot be written to answers all the same.
      .catch(() => {})
      .finally(() => {
        waiting--
      })
  }

  return {
    watch: (answerer) =>
      !isKeeping
        ? answerer
        : {
            async *ask(request) {
              for await (const event of answerer.ask(request)) {
                if (event.type === 'done' && !isNarrowed(request)) {
                  const { status, degraded, standaloneQuestion } = event.answer
                  if (status === 'refused' && degraded === undefined) note(standaloneQuestion, 'refused')
                }
                yield event
              }
            },
          },

    noteSearch(request, { hits, degraded }) {
      const isGap = hits.length === 0 && degraded === undefined && !isNarrowed(request)
      if (isKeeping && isGap) note(request.query, 'nothing')
    },

    settled: () => writing,
  }
}

/** Whether who asked wanted less than all that there is to be found. */
function isNarrowed({
  filter,
  collection,
  minScore = 0,
  dates = false,
}: Pick<SearchRequest, 'filter' | 'collection' | 'minScore' | 'dates'>): boolean {
  return filter !== undefined || collection !== undefined || minScore > 0 || dates
}
