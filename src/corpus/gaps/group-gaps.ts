import { contentTerms } from '../../text/content-terms.js'
import { detectLanguage } from '../../text/detect-language.js'
import type { CorpusPassage, CorpusRun } from '../corpus-passage.js'
import { runInThread } from '../run-in-thread.js'
import type { GapOutcome, GapStore } from './gap-store.js'

/** A question that was not answered, over all days. */
export type AskedQuestion = {
  readonly question: string
  /** How often, in all. */
  readonly asked: number
  /** How it failed the last time. */
  readonly outcome: GapOutcome
  /** First and last day, `YYYY-MM-DD` in UTC. */
  readonly fromDay: string
  readonly toDay: string
}

export type GapTopic = {
  /** Its first terms; null where questions are too few to be grouped. */
  readonly title: string | null
  /** What sets it apart from the others, best first. */
  readonly terms: readonly string[]
  readonly asked: number
  /** The most asked first. */
  readonly questions: readonly AskedQuestion[]
}

export type GapsReport = {
  /** Whether questions are being kept. */
  readonly keeping: boolean
  /** Different questions that are kept. */
  readonly questions: number
  /** How often they were asked. */
  readonly asked: number
  /** The most asked first. */
  readonly topics: readonly GapTopic[]
}

/** Fewer questions have hardly two of a kind: they are one list. */
const LEAST_GROUPED = 12
const TITLE_TERMS = 3
const SEED = 1

/** The questions that were not answered, by what they are about; sends nothing. Throws CANCELLED. */
export async function groupGaps(store: GapStore, keeping: boolean, run: CorpusRun = {}): Promise<GapsReport> {
  const questions = sumDays(await store.listGaps())
  const whole = { title: null, terms: [], asked: sumOf(questions), questions }
  const topics =
    questions.length < LEAST_GROUPED
      ? [whole].filter(() => questions.length > 0)
      : await groupByTerms(questions, run)
  return { keeping, questions: questions.length, asked: whole.asked, topics }
}

/** By their words but function words, in which questions are alike whatever they are about. */
async function groupByTerms(questions: readonly AskedQuestion[], run: CorpusRun): Promise<GapTopic[]> {
  const found = await runInThread({
    ...run,
    task: 'topics',
    options: { seed: SEED },
    pages: pageOf(questions.map(({ question }, i) => toPassage(question, i))),
  })
  return found.topics
    .map(({ terms }, topic) => {
      const own = questions.filter((_, i) => found.assignments[i]?.topic === topic)
      const title = terms.slice(0, TITLE_TERMS).join(', ') || null
      return { title, terms, asked: sumOf(own), questions: own }
    })
    .sort((a, b) => b.asked - a.asked)
}

async function* pageOf(passages: readonly CorpusPassage[]): AsyncGenerator<readonly CorpusPassage[]> {
  yield passages
}

function toPassage(question: string, index: number): CorpusPassage {
  const words = contentTerms(question).map(({ start, end }) => question.slice(start, end))
  const language = detectLanguage(question)
  return {
    chunkId: index,
    documentId: String(index),
    title: '',
    text: words.join(' '),
    language,
    timeMs: 0,
  }
}

/** One entry for a question, whatever the day and, as in the store, the case of ASCII letters; the most asked first, then the newest. */
function sumDays(gaps: Awaited<ReturnType<GapStore['listGaps']>>): AskedQuestion[] {
  const sums = new Map<string, AskedQuestion>()
  for (const { question, day, outcome, asked } of gaps) {
    const key = question.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
    const known = sums.get(key)
    sums.set(
      key,
      known === undefined
        ? { question, asked, outcome, fromDay: day, toDay: day }
        : { ...known, asked: known.asked + asked, fromDay: day },
    )
  }
  return [...sums.values()].sort((a, b) => b.asked - a.asked)
}

function sumOf(questions: readonly AskedQuestion[]): number {
  return questions.reduce((sum, { asked }) => sum + asked, 0)
}
