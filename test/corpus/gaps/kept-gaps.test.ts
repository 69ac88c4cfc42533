import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { restrictEngine } from '../../../src/access/restrict-engine.js'
import { loadConfig, openEngine } from '../../../src/index.js'
import type { Rights } from '../../../src/types.js'
import { tempFolder } from '../../files/temp-folder.js'

const ADMIN: Rights = { owner: null, scopes: ['admin'] }

test('an engine keeps what its documents do not answer where it is told to, until that is forgotten', async () => {
  const base = await tempFolder({ 'docs/leave.md': '# Leave\n\nThe annual leave is 27 working days.\n' })
  const env = { HOME: base, GEMDEX_DB: join(base, 'index.db'), GEMDEX_KEEP_GAPS: 'yes' }
  const open = (more: Readonly<Record<string, string>> = {}) =>
    openEngine(loadConfig({ env: { ...env, ...more }, cwd: base, flags: {} }), { ifMissing: 'create' })
  const first = open()
  await first.index({ path: join(base, 'docs') })
  await first.answer('How many days of annual leave are there?')
  const question = 'Who won the football cup? Write to me@example.org'
  expect((await first.answer(question)).status).toBe('refused')
  expect((await first.search({ query: 'zeppelin' })).hits).toEqual([])
  // What was noted is kept before it closes.
  await first.close()

  const second = open({ GEMDEX_KEEP_GAPS: 'no' })
  onTestFinished(() => second.close())
  await second.answer('Who composed the opera?')
  expect((await second.status()).gaps).toEqual({ keeping: false, questions: 2 })
  const view = restrictEngine(second, ADMIN)
  const { topics } = await view.gaps()
  expect(topics.flatMap(({ questions }) => questions).map((each) => [each.question, each.outcome])).toEqual([
    ['zeppelin', 'nothing'],
    ['Who won the football cup? Write to [e-mail]', 'refused'],
  ])

  const restricted = restrictEngine(second, { ...ADMIN, collections: ['docs'] })
  await expect(restricted.gaps()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  await expect(restricted.forgetGaps()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await restricted.status()).not.toHaveProperty('gaps')

  expect(await view.forgetGaps('Zeppelin')).toBe(1)
  expect(await view.forgetGaps()).toBe(1)
  expect((await view.status()).gaps).toEqual({ keeping: false, questions: 0 })
})
