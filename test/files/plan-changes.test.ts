import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { guardRemoval, type KnownFile, planChanges } from '../../src/files/plan-changes.js'
import type { FoundSkip } from '../../src/files/walk.js'
import type { SkipReason, SourceFile } from '../../src/types.js'
import { asUnprivileged, tempFolder, walkAll } from './temp-folder.js'

function file(uri: string, fingerprint = '1'): SourceFile {
  return { uri, path: `/root/${uri}`, sizeBytes: 1, modifiedMs: 0, fingerprint }
}

function skip(uri: string, reason: SkipReason): FoundSkip {
  return { uri, reason, message: `because ${reason}` }
}

function indexed(fingerprint = '1'): KnownFile {
  return { fingerprint, outcome: 'indexed' }
}

function skippedBefore(reason: SkipReason): KnownFile {
  return { fingerprint: '1', outcome: 'skipped', reason, message: `because ${reason}` }
}

const uris = (files: readonly { readonly uri: string }[]) => files.map(({ uri }) => uri)

describe('planChanges', () => {
  test('tells new, changed, unchanged and removed files', () => {
    const known = new Map([
      ['same', indexed()],
      ['changed', indexed()],
      ['gone', indexed()],
    ])
    const plan = planChanges([file('changed', '2'), file('new'), file('same')], [], known)
    expect(uris(plan.toRead)).toEqual(['changed', 'new'])
    expect(uris(plan.unchanged)).toEqual(['same'])
    expect(plan).toMatchObject({ toRecord: [], kept: [], removed: ['gone'] })
  })

  test('force reads every file found', () => {
    const plan = planChanges([file('a'), file('b')], [], new Map([['a', indexed()]]), { force: true })
    expect(uris(plan.toRead)).toEqual(['a', 'b'])
    expect(plan.unchanged).toEqual([])
  })

  test('a file skipped for what it holds stays skipped; one skipped for a passing fault is tried again', () => {
    const lasting: SkipReason[] = [
      'UNSUPPORTED',
      'BINARY',
      'EMPTY',
      'NO_TEXT',
      'TOO_LARGE',
      'SECRET',
      'PARSE_ERROR',
    ]
    const passing: SkipReason[] = ['PERMISSION', 'NOT_FOUND', 'SYMLINK_OUTSIDE', 'NOT_REGULAR']
    const known = new Map([...lasting, ...passing].map((reason) => [reason, skippedBefore(reason)]))
    const plan = planChanges(
      [...lasting, ...passing].map((reason) => file(reason)),
      [],
      known,
    )
    expect(uris(plan.unchanged)).toEqual(lasting)
    expect(uris(plan.toRead)).toEqual(passing)
  })

  test('what the walk skips is recorded once, and takes the place of what was indexed', () => {
    const known = new Map([
      ['known', skippedBefore('SECRET')],
      ['was-indexed', indexed()],
      ['other-reason', skippedBefore('SECRET')],
    ])
    const skips = [
      skip('known', 'SECRET'),
      skip('new', 'TOO_LARGE'),
      skip('was-indexed', 'TOO_LARGE'),
      skip('other-reason', 'TOO_LARGE'),
    ]
    const plan = planChanges([], skips, known)
    expect(uris(plan.toRecord)).toEqual(['new', 'was-indexed', 'other-reason'])
    expect(plan).toMatchObject({ kept: [], removed: [] })
  })

  test('an unreadable file or folder keeps what the index has of it, even when forced', () => {
    const known = new Map([
      ['locked/a', indexed()],
      ['locked/deep/b', skippedBefore('BINARY')],
      ['locked-not/c', indexed()],
      ['file', indexed()],
      ['file2', indexed()],
    ])
    for (const force of [false, true]) {
      const plan = planChanges([], [skip('locked', 'PERMISSION'), skip('file', 'PERMISSION')], known, {
        force,
      })
      expect(plan.kept).toEqual(['locked/a', 'locked/deep/b', 'file'])
      expect(plan.removed).toEqual(['locked-not/c', 'file2'])
      expect(uris(plan.toRecord)).toEqual(['locked'])
    }
  })

  test('a folder that became a link to elsewhere keeps nothing', () => {
    const plan = planChanges([], [skip('docs', 'SYMLINK_OUTSIDE')], new Map([['docs/a', indexed()]]))
    expect(plan).toMatchObject({ kept: [], removed: ['docs/a'] })
  })

  test('a URI both found and skipped counts as found', () => {
    const plan = planChanges([file('a')], [skip('a', 'PERMISSION')], new Map([['a', indexed()]]))
    expect(uris(plan.unchanged)).toEqual(['a'])
    expect(plan).toMatchObject({ toRecord: [], kept: [], removed: [] })
  })

  const part = fc.constantFrom('a', 'b', 'ab')
  const uri = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'))
  const fingerprint = fc.constantFrom('1', '2')
  const reason = fc.constantFrom<SkipReason>('PERMISSION', 'SECRET', 'NOT_FOUND', 'BINARY')
  const known = fc.array(fc.tuple(uri, fc.oneof(fingerprint.map(indexed), reason.map(skippedBefore))), {
    maxLength: 12,
  })
  const found = fc.uniqueArray(
    fc.tuple(uri, fingerprint).map(([u, f]) => file(u, f)),
    { selector: (f) => f.uri },
  )
  const skips = fc.uniqueArray(
    fc.tuple(uri, reason).map(([u, r]) => skip(u, r)),
    { selector: (s) => s.uri },
  )

  test('each found file is read or unchanged; each known one found, skipped, kept or removed (property)', () => {
    fc.assert(
      fc.property(found, skips, known, fc.boolean(), (found, skips, entries, force) => {
        const known = new Map(entries)
        const plan = planChanges(found, skips, known, { force })
        expect([...uris(plan.toRead), ...uris(plan.unchanged)].sort()).toEqual(uris(found).toSorted())
        for (const { uri, fingerprint } of plan.unchanged) {
          expect(force).toBe(false)
          expect(known.get(uri)?.fingerprint).toBe(fingerprint)
        }

        const foundUris = new Set(uris(found))
        const skipOf = new Map(skips.map((s) => [s.uri, s]))
        const faulty = (uri: string) => skipOf.get(uri)?.reason === 'PERMISSION' && !foundUris.has(uri)
        const above = (uri: string) => uri.split('/').map((_, i, parts) => parts.slice(0, i).join('/'))
        for (const [uri, state] of known) {
          const isGone = !foundUris.has(uri) && !skipOf.has(uri)
          const isBelowFault = above(uri).some(faulty)
          expect(plan.removed.includes(uri)).toBe(isGone && !isBelowFault)
          expect(plan.kept.includes(uri)).toBe(
            (isGone && isBelowFault) || (faulty(uri) && state.outcome === 'indexed'),
          )
        }
        for (const uri of [...plan.kept, ...plan.removed]) expect(known.has(uri)).toBe(true)
        for (const { uri } of plan.toRecord) {
          expect(foundUris.has(uri)).toBe(false)
          expect(plan.kept).not.toContain(uri)
        }
      }),
      { numRuns: 1000 },
    )
  })

  test('a plan that was carried out leaves nothing to do (property)', () => {
    fc.assert(
      fc.property(found, skips, known, (found, skips, entries) => {
        const known = new Map(entries)
        const plan = planChanges(found, skips, known)
        for (const { uri, fingerprint } of plan.toRead) known.set(uri, indexed(fingerprint))
        for (const s of plan.toRecord)
          known.set(s.uri, { fingerprint: '', outcome: 'skipped', reason: s.reason, message: s.message })
        for (const uri of plan.removed) known.delete(uri)
        const again = planChanges(found, skips, known)
        expect(again).toMatchObject({ toRead: [], toRecord: [], removed: [], kept: plan.kept })
        expect(again.unchanged).toHaveLength(found.length)
      }),
      { numRuns: 500 },
    )
  })
})

describe('planChanges after a walk', () => {
  const files = { 'a.md': 'x', 'docs/b.md': 'x', 'docs/c.md': 'x' }

  async function planAfter(root: string, before: Awaited<ReturnType<typeof walkAll>>, options = {}) {
    const known = new Map(before.files.map((file) => [file.uri, indexed(file.fingerprint)]))
    const { files, skipped } = await walkAll(root, options)
    return planChanges(files, skipped, known)
  }

  test('files that a filter leaves out now are removed', async () => {
    const root = await tempFolder(files)
    expect((await planAfter(root, await walkAll(root), { exclude: ['c.md'] })).removed).toEqual(['docs/c.md'])
    expect((await planAfter(root, await walkAll(root), { include: ['/a.md'] })).removed).toEqual([
      'docs/b.md',
      'docs/c.md',
    ])
  })

  test.skipIf(process.platform === 'win32')(
    'files of a folder that may not be read now are kept',
    async () => {
      const root = await tempFolder(files)
      const before = await walkAll(root)
      await chmod(join(root, 'docs'), 0)
      const plan = await asUnprivileged(() => planAfter(root, before))
      await chmod(join(root, 'docs'), 0o755)
      expect(plan).toMatchObject({
        kept: ['docs/b.md', 'docs/c.md'],
        removed: [],
        toRecord: [{ uri: 'docs' }],
      })
    },
  )
})

describe('guardRemoval', () => {
  const facts = { root: '/mnt/docs', rootExists: true, foundCount: 3, knownIndexedCount: 5 }

  test('lets a run pass that finds something, or has nothing to lose', () => {
    expect(() => guardRemoval(facts)).not.toThrow()
    expect(() => guardRemoval({ ...facts, foundCount: 0, knownIndexedCount: 0 })).not.toThrow()
  })

  test('an empty root removes nothing unless forced', () => {
    expect(() => guardRemoval({ ...facts, foundCount: 0, knownIndexedCount: 1 })).toThrow(
      expect.objectContaining({
        code: 'ROOT_EMPTY',
        message: 'No file was found in "/mnt/docs"; the index keeps the 1 file it holds of it',
        hint: expect.stringContaining('--force'),
      }),
    )
    expect(() => guardRemoval({ ...facts, foundCount: 0, force: true })).not.toThrow()
  })

  test('a missing root removes nothing unless forced', () => {
    expect(() => guardRemoval({ ...facts, rootExists: false, foundCount: 0 })).toThrow(
      expect.objectContaining({
        code: 'ROOT_MISSING',
        message: '"/mnt/docs" is not there; the index keeps the 5 files it holds of it',
        hint: expect.stringContaining('--force'),
      }),
    )
    expect(() => guardRemoval({ ...facts, rootExists: false, foundCount: 0, force: true })).not.toThrow()
  })

  test('a missing root of which nothing is known is an error, forced or not, without talk of force', () => {
    for (const force of [false, true]) {
      const missing = { root: '/typo', rootExists: false, foundCount: 0, knownIndexedCount: 0, force }
      expect(() => guardRemoval(missing)).toThrow(
        expect.objectContaining({ code: 'ROOT_MISSING', hint: expect.not.stringContaining('--force') }),
      )
    }
  })
})
