import type { EngineView } from '../access/restrict-engine.js'
import type { AskOptions } from '../engine.js'
import type { Lane } from './lane.js'

/** What is served at once, by kind: slow answers must not keep searches waiting, nor writing either of them. */
export type Lanes = {
  readonly reading: Lane
  readonly answering: Lane
  readonly writing: Lane
  /** What looks at the index as a whole, each for seconds in a thread of its own. */
  readonly surveying: Lane
}

/** The same engine, its work admitted through lanes: whatever protocol asks for it. */
export function admitEngine(
  engine: EngineView,
  { reading, answering, writing, surveying }: Lanes,
): EngineView {
  const inLane = async <T>(
    lane: Lane,
    signal: AbortSignal | undefined,
    work: () => Promise<T>,
  ): Promise<T> => {
    const leave = await lane.enter(signal)
    try {
      return await work()
    } finally {
      leave()
    }
  }
  return {
    ...engine,
    search: (request) => inLane(reading, request.signal, () => engine.search(request)),
    similar: (reference, options) => inLane(reading, undefined, () => engine.similar(reference, options)),
    duplicates: (request = {}) => inLane(surveying, request.signal, () => engine.duplicates(request)),
    // A map goes on when its client has gone, and one that is there is given at once: the making alone takes a place.
    map: (request = {}) => engine.map({ ...request, admit: (signal) => surveying.enter(signal) }),
    topics: (request = {}) => inLane(surveying, request.signal, () => engine.topics(request)),
    gaps: (run = {}) => inLane(surveying, run.signal, () => engine.gaps(run)),
    classify: (request) => inLane(surveying, request.signal, () => engine.classify(request)),
    similarity: (request) => inLane(reading, request.signal, () => engine.similarity(request)),
    suggest: (typed, options) => inLane(reading, undefined, () => engine.suggest(typed, options)),
    embed: (request) => inLane(reading, request.signal, () => engine.embed(request)),
    listDocuments: (filter) => inLane(reading, undefined, () => engine.listDocuments(filter)),
    getDocument: (reference) => inLane(reading, undefined, () => engine.getDocument(reference)),
    getPassage: (id) => inLane(reading, undefined, () => engine.getPassage(id)),
    answer: (question, options) => inLane(answering, options?.signal, () => engine.answer(question, options)),
    async *ask(question, options: AskOptions = {}) {
      const leave = await answering.enter(options.signal)
      try {
        yield* engine.ask(question, options)
      } finally {
        leave()
      }
    },
    push: (request) => inLane(writing, request.signal, () => engine.push(request)),
    removeDocument: (reference) => inLane(writing, undefined, () => engine.removeDocument(reference)),
    removePart: (request) => inLane(writing, request.signal, () => engine.removePart(request)),
    sessions: {
      ...engine.sessions,
      search: (request) => inLane(reading, request.signal, () => engine.sessions.search(request)),
    },
  }
}
