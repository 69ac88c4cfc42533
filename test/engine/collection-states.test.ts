import { expect, test } from 'vitest'
import { collectionStates } from '../../src/engine/collection-states.js'
import type { CollectionSummary, RunRecord } from '../../src/store/store.js'

const named = (name: string, run?: RunRecord): CollectionSummary => ({
  name,
  root: '/',
  documents: 1,
  chunks: 1,
  embedded: 1,
  ...(run === undefined ? {} : { run }),
})
const done = named('done', { beganMs: 10, endedMs: 20, files: 1, filesDone: 1 })
const open = named('open', { beganMs: 100, files: 9, filesDone: 4 })
const ofOlder = named('older', { files: 0, filesDone: 0 })

test.each([
  ['nobody indexes', undefined, 'stopped'],
  ['the run began while somebody indexes', 99, 'running'],
  ['it began at the moment in which somebody did', 100, 'running'],
  ['whoever indexes began later, with another collection', 101, 'stopped'],
  ['whoever indexes does not say since when', 0, 'running'],
])('a run that has not come to its end, when %s', (_, since, state) => {
  const states = collectionStates([done, open, named('pushed')], () => since)
  expect(states.map(({ name, run }) => [name, run?.state])).toEqual([
    ['done', 'done'],
    ['open', state],
    ['pushed', undefined],
  ])
  expect(states[1]?.run).toEqual({ state, beganMs: 100, files: 9, filesDone: 4 })
})

test('one of an older version was stopped, whoever indexes now', () => {
  expect(collectionStates([ofOlder], () => 5)[0]?.run?.state).toBe('stopped')
})

test('who indexes is not looked for when all runs have come to their end', () => {
  const states = collectionStates([done], () => expect.fail('it was looked for'))
  expect(states[0]?.run?.state).toBe('done')
})
