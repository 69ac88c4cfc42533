import { expect, test } from 'vitest'
import type { CollectionState, GapsReport } from '../../src/engine.js'
import { tempFolder } from '../files/temp-folder.js'
import { fakeEngine } from '../http/fake-engine.js'
import { runInProcess } from './run-in-process.js'

const fakeStatus = fakeEngine().status

const empty = { keeping: true, questions: 0, asked: 0, topics: [] }
const days = { fromDay: '2026-11-02', toDay: '2026-11-24' }
const asked = (question: string, times = 1) =>
  ({ question, asked: times, outcome: times > 1 ? 'refused' : 'nothing', ...days }) as const
const few: GapsReport = {
  keeping: true,
  questions: 2,
  asked: 4,
  topics: [{ title: null, terms: [], asked: 4, questions: [asked('Where is the pool?', 3), asked('visa')] }],
}
const many: GapsReport = {
  keeping: true,
  questions: 5,
  asked: 6,
  topics: [
    {
      title: 'parking, garage',
      terms: ['parking', 'garage'],
      asked: 5,
      questions: ['a garage?', 'b garage?', 'c garage?', 'd garage?'].map((question, i) =>
        asked(question, i === 0 ? 2 : 1),
      ),
    },
    { title: 'visa', terms: ['visa'], asked: 1, questions: [asked('visa\u001b[2J')] },
  ],
}

const statusOf = async (gaps: GapsReport, argv: readonly string[] = ['status']) =>
  runInProcess(argv, {
    engine: {
      listDocuments: async () => ({ items: [], total: 0 }),
      gaps: async () => gaps,
      forgetGaps: async (question) => (question === 'unknown' ? 0 : question === undefined ? 2 : 1),
    },
    terminal: false,
  })

test('status lists the questions that were not answered while they are few', async () => {
  const { stdout } = await statusOf(few)
  expect(stdout).toContain(
    [
      'Not answered 2 questions',
      '  Where is the pool? (refused, 3 times, last on 2026-11-24)',
      '  visa (found nothing, 1 time, last on 2026-11-24)',
      '',
    ].join('\n'),
  )
})

test('status groups many of them, and lets no control character through', async () => {
  const { stdout } = await statusOf(many)
  expect(stdout).toContain('  parking, garage asked 5 times\n    a garage? (refused, 2 times')
  expect(stdout).not.toContain('d garage?')
  expect(stdout).not.toContain('\u001b')
})

test('status says that there are none where they are kept, and nothing where they are not', async () => {
  expect((await statusOf(empty)).stdout).toContain('Not answered\n  no question so far\n')
  expect((await statusOf({ ...empty, keeping: false })).stdout).not.toContain('Not answered')
})

test('status tells of runs that have not come to their end, and how they do', async () => {
  const beganMs = new Date(2026, 10, 27, 12, 5).getTime()
  const { stdout } = await runInProcess(['status'], {
    engine: {
      listDocuments: async () => ({ items: [], total: 0 }),
      status: async () => ({
        ...(await fakeStatus()),
        collections: [
          ['docs', "/home/ines/my docs' own", { state: 'stopped', beganMs, files: 1_200, filesDone: 57 }],
          ['going', '/srv/going', { state: 'running', beganMs, files: 2, filesDone: 1 }],
          ['older\u001b[2J', '/srv/older', { state: 'stopped', files: 0, filesDone: 0 }],
          ['whole', '/srv/whole', { state: 'done', beganMs, endedMs: beganMs, files: 1, filesDone: 1 }],
          ['pushed', null],
        ].map(
          ([name, root, run]) =>
            ({ name, root, documents: 1, chunks: 1, embedded: 1, run }) as CollectionState,
        ),
      }),
    },
    terminal: false,
  })
  expect(stdout).toMatch(/^ {2}whole .* \/srv\/whole +indexed 2026-11-27 12:05$/m)
  const unfinished = stdout.slice(stdout.indexOf('Not finished')).split('\n')
  expect(unfinished.map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['Not finished'],
    [
      'docs',
      '1,143 of 1,200 files still to come, begun 2026-11-27 12:05',
      "stopped: `gemdex index -c docs '/home/ines/my docs'\\'' own'` goes on",
    ],
    ['going', '1 of 2 files still to come, begun 2026-11-27 12:05', 'a process is indexing it'],
    ['older[2J', 'files are still to come', "stopped: `gemdex index -c 'older[2J' /srv/older` goes on"],
    ['Flags that a run was begun with (--include, --exclude, --images) are to be given again.'],
    [''],
  ])
})

test('the command that goes on is for the index and the config file that were named', async () => {
  const folder = await tempFolder({ 'own config.json': '{}' })
  const config = `${folder}/own config.json`
  const run = { state: 'stopped', files: 2, filesDone: 0 } as const
  const collection = { name: 'docs', root: '/srv/docs', documents: 0, chunks: 0, embedded: 0, run }
  const shown = async (argv: readonly string[]) => {
    const { stdout } = await runInProcess([...argv, 'status'], {
      engine: {
        listDocuments: async () => ({ items: [], total: 0 }),
        status: async () => ({ ...(await fakeStatus()), collections: [collection] }),
      },
      terminal: false,
    })
    return /`(.*)` goes on/.exec(stdout)?.[1]
  }
  expect(await shown([])).toBe('gemdex index -c docs /srv/docs')
  expect(await shown(['--db', 'x.db'])).toBe('gemdex --db x.db index -c docs /srv/docs')
  expect(await shown(['--db', 'x.db', '--config', config])).toBe(
    `gemdex --config '${config}' --db x.db index -c docs /srv/docs`,
  )
})

test('a run that goes on has no flags to be given again', async () => {
  const run = { state: 'running', files: 2_000, filesDone: 0 } as const
  const collection = { name: 'docs', root: '/srv/docs', documents: 0, chunks: 0, embedded: 0, run }
  const { stdout } = await runInProcess(['status'], {
    engine: {
      listDocuments: async () => ({ items: [], total: 0 }),
      status: async () => ({ ...(await fakeStatus()), documents: 12_345, collections: [collection] }),
    },
    terminal: false,
  })
  expect(stdout).toMatch(/^Documents +12,345$/m)
  expect(stdout).toContain('2,000 of 2,000 files still to come')
  expect(stdout).not.toContain('--include')
})

test('status --json holds all of them', async () => {
  const { stdout } = await statusOf(many, ['status', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ documents: 1, gaps: many })
})

test.each([
  [[], '2 questions forgotten', 0],
  [['visa'], '1 question forgotten', 0],
  [['unknown'], '0 questions forgotten', 1],
])('status --forget-gaps %j', async (question, note, code) => {
  const run = await statusOf(few, ['status', '--forget-gaps', ...question])
  expect(run.stderr).toContain(note)
  expect(run).toMatchObject({ code, stdout: '' })
})
