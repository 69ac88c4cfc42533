import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { beforeAll, describe, expect, it } from 'vitest'
import { asUnprivileged, tempFolder } from '../files/temp-folder.js'
import { createSandbox } from './run-gemdex.js'

const box = createSandbox()
const env = { GEMDEX_DB: box.path('index.db') }
const run = (...args: readonly string[]) => box.cli(args, { env })

function damage(sql: string, path = env.GEMDEX_DB): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

beforeAll(async () => {
  box.write({
    'd/walrus.md': '# Walrus\n\nThe walrus sleeps on the ice.\n',
    'd/bread.md': '# Bread\n\nBread needs time.\n',
  })
  expect((await run('index', box.path('d'))).code).toBe(0)
})

describe('verify, backup and restore', () => {
  it('says what is sound, what is broken and what mends it, by text, JSON and exit code', async () => {
    const sound = await run('verify')
    expect([sound.code, sound.stdout]).toEqual([
      0,
      expect.stringMatching(/2 documents, 2 passages.*\nok .* is sound/s),
    ])
    damage(
      "UPDATE codes SET record = zeroblob(length(record)); UPDATE chunks SET text = 'The walrus sweeps.' WHERE id = 1",
    )
    const broken = await run('verify')
    expect(broken.code).toBe(2)
    expect(broken.stdout).toMatch(/FAIL +passages: .*: d\/\w+\.md\n.*verify --repair.*\nFAIL +codes: /s)
    expect(await box.json(['verify'], { env, code: 2 })).toMatchObject({
      isSound: false,
      findings: [
        { check: 'passages', mend: 'repair' },
        { check: 'codes', mend: 'repair' },
      ],
    })
    expect((await run('verify', '--repair')).code).toBe(0)
    expect((await run('search', 'walrus sleeps')).stdout).toContain('walrus')
  })

  it('a copy is made, replaced only when told, and put in place', async () => {
    const file = box.path('copy.db')
    const made = await run('backup', file)
    expect([made.code, made.stdout]).toEqual([
      0,
      expect.stringMatching(/copy\.db: 2 documents, 2 passages .*checked/),
    ])
    const again = await run('backup', file)
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining('--force')])
    expect(await box.json(['backup', file, '--force'], { env })).toMatchObject({
      file,
      counts: { documents: 2 },
    })
    expect((await run('remove', 'walrus.md')).code).toBe(0)
    expect((await run('search', 'walrus', '--mode', 'keyword')).code).toBe(1)
    const restored = await run('restore', file)
    expect([restored.code, restored.stdout]).toEqual([0, expect.stringMatching(/index\.db: 2 documents/)])
    expect((await run('search', 'walrus', '--mode', 'keyword')).code).toBe(0)
  })

  it('what is no backup is refused, and so is verifying what is not there', async () => {
    for (const args of [
      ['restore', box.path('d/bread.md')],
      ['restore', box.path('d')],
      ['restore', box.path('none')],
      ['verify', '--db', box.path('none.db')],
    ]) {
      const { code, stderr } = await run(...args)
      expect([code, stderr]).toEqual([
        2,
        expect.stringMatching(/is no backup .*\n.*`gemdex backup` wrote|There is no/),
      ])
    }
    expect(existsSync(box.path('none.db'))).toBe(false)
  })
})

it('documents that are damaged are mended by what verify names: a repair, then reading their files again', async () => {
  const own = { env: { GEMDEX_DB: box.path('documents.db') } }
  await box.cli(['index', box.path('d')], own)
  damage(
    "UPDATE documents SET metadata = '{'; UPDATE document_texts SET text = 'x' || text",
    own.env.GEMDEX_DB,
  )
  const found = await box.cli(['verify'], own)
  expect([found.code, found.stdout]).toEqual([
    2,
    expect.stringMatching(/verify --repair.*, then .gemdex index/),
  ])
  const repaired = await box.cli(['verify', '--repair'], own)
  expect([repaired.code, repaired.stdout]).toEqual([
    2,
    expect.stringMatching(/\n +.gemdex index. of their folders/),
  ])
  const indexed = await box.cli(['index', box.path('d')], own)
  expect([indexed.code, indexed.stderr]).toEqual([
    0,
    expect.stringMatching(/is damaged .*gemdex index. of their folders mends them/),
  ])
  expect((await box.cli(['verify'], own)).code).toBe(0)
  expect(await box.cli(['search', 'walrus sleeps'], own)).toMatchObject({
    code: 0,
    stderr: expect.not.stringContaining('damaged'),
  })
})

it('an index that may not be written answers searches and questions; a conversation, which it would keep, is refused', async () => {
  const folder = await tempFolder()
  const own = { env: { GEMDEX_DB: join(folder, 'index.db') } }
  await box.cli(['index', box.path('d')], own)
  chmodSync(folder, 0o555)
  await asUnprivileged(async () => {
    expect(await box.cli(['search', 'walrus'], own)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('walrus.md'),
    })
    expect(await box.cli(['ask', 'Where does the walrus sleep?'], own)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('on the ice'),
    })
    const chat = await box.cli(['chat'], { ...own, stdin: 'Where does the walrus sleep?\n' })
    expect(chat.stdout + chat.stderr).toContain(
      `The index ${own.env.GEMDEX_DB} can be searched, but not written`,
    )
  }).finally(() => chmodSync(folder, 0o755))
})
