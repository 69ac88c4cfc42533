import type { GemdexError } from '../errors.js'
import { createClassifier } from './classify/classify-texts.js'
import type { CorpusPassage, CorpusProgress } from './corpus-passage.js'
import type { CorpusTask } from './corpus-task.js'
import { createChangeList } from './duplicates/change-list.js'
import { createComparison } from './duplicates/compare-texts.js'
import { createLayout } from './map/lay-out.js'
import { createTopicModel } from './topics/model-topics.js'

/** The steps that run in a thread of their own, by name. */
export const corpusTasks = {
  compare: createComparison,
  changes: createChangeList,
  project: createLayout,
  classify: createClassifier,
  topics: createTopicModel,
} as const

export type TaskName = keyof typeof corpusTasks
export type TaskOptions<Name extends TaskName> = Parameters<(typeof corpusTasks)[Name]>[0]
export type TaskResult<Name extends TaskName> =
  ReturnType<(typeof corpusTasks)[Name]> extends CorpusTask<infer Result> ? Result : never

export type ThreadData = { readonly name: TaskName; readonly options: unknown }
/** What the thread is told: a page of passages, or that there are no more. */
export type ToThread = { readonly passages: readonly CorpusPassage[] } | 'finish'
/** What it tells: that it has taken a page, how far it is, and how it ended. */
export type FromThread =
  | { readonly type: 'taken' }
  | { readonly type: 'progress'; readonly progress: CorpusProgress }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'failed'; readonly code: GemdexError['code']; readonly message: string }
