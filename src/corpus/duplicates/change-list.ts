import type { CorpusTask } from '../corpus-task.js'
import { type Change, describeChanges } from './describe-changes.js'

export type TextPair = { readonly from: string; readonly to: string }

/** Describes the changes of many pairs of texts; takes no passages. */
export function createChangeList(pairs: readonly TextPair[]): CorpusTask<(readonly Change[] | undefined)[]> {
  return {
    add() {},
    finish: () => pairs.map(({ from, to }) => describeChanges(from, to)),
  }
}
