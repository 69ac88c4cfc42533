import { expect, test } from 'vitest'
import type { DuplicatesReport } from '../../src/engine.js'
import { runInProcess } from './run-in-process.js'

const member = {
  id: 'a-0',
  documentId: 'a',
  title: 'Leave',
  uri: 'leave.md',
  collection: 'handbook',
  snippet: 'The leave is 27 days.',
  timeMs: Date.UTC(2025, 2, 1),
  similarity: 1,
}
const report: DuplicatesReport = {
  documents: 12,
  passages: 90,
  total: 3,
  groups: [
    {
      kind: 'near',
      level: 'document',
      words: 90,
      members: [
        member,
        {
          ...member,
          uri: 'old/leave.md',
          timeMs: Date.UTC(2024, 2, 1),
          similarity: 0.9123,
          changes: [
            { kind: 'same', text: 'The leave is ' },
            { kind: 'removed', text: '27' },
            { kind: 'added', text: '26' },
          ],
        },
      ],
    },
    {
      kind: 'contained',
      level: 'passage',
      words: 20,
      members: [member, { ...member, location: { kind: 'lines', start: 3, end: 4 }, similarity: 0.95 }],
    },
  ],
}

test('duplicates shows groups, dates and changes, and hands its flags on', async () => {
  const requests: unknown[] = []
  const engine = {
    duplicates: async (request: unknown) => {
      requests.push(request)
      return report
    },
  }
  const flags = ['--limit', '2', '--similarity', '0.7', '--filter', '{"a":1}', '--changes']
  const { code, stdout, stderr } = await runInProcess(['duplicates', ...flags], {
    engine,
    env: { NO_COLOR: '1' },
  })
  expect(code).toBe(0)
  expect(requests).toEqual([
    expect.objectContaining({ limit: 2, similarity: 0.7, filter: { a: 1 }, changes: true }),
  ])
  expect(stdout).toBe(
    [
      '2 nearly equal documents',
      '  handbook/leave.md 2025-03-01 (newest)',
      '  handbook/old/leave.md 2024-03-01 0.91',
      '      The leave is -27',
      '       +26',
      '',
      'passage that holds 1 other',
      '  handbook/leave.md 2025-03-01 (whole)',
      '  handbook/leave.md, lines 3-4 2025-03-01 0.95',
      '',
      '',
    ].join('\n'),
  )
  expect(stderr).toContain('3 groups among 12 documents and 90 passages, 2 of them shown')
})

test('duplicates prints JSON, and ends with 1 when there are none', async () => {
  const empty = { ...report, total: 0, groups: [] }
  const engine = { duplicates: async () => empty }
  const { code, stdout } = await runInProcess(['duplicates', '--json'], { engine })
  expect(code).toBe(1)
  expect(JSON.parse(stdout)).toEqual(empty)
})
