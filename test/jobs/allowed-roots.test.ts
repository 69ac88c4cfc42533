import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { allowedPath } from '../../src/jobs/allowed-roots.js'
import { tempFolder } from '../files/temp-folder.js'

async function openFolders() {
  const base = await tempFolder({
    'srv/docs/handbook/a.md': 'A',
    'srv/docs-private/b.md': 'B',
    'srv/wiki/pages/c.md': 'C',
    'etc/passwd': 'root',
  })
  await symlink(join(base, 'etc'), join(base, 'srv/docs/out'))
  await symlink(join(base, 'srv/docs/handbook'), join(base, 'srv/docs/in'))
  await symlink(join(base, 'srv/docs'), join(base, 'srv/link'))
  return { base, roots: [join(base, 'srv/docs'), join(base, 'srv/wiki'), join(base, 'srv/gone')] }
}

describe('allowed', () => {
  test.each([
    ['srv/docs', 'srv/docs'],
    ['srv/docs/', 'srv/docs'],
    ['srv/docs/handbook', 'srv/docs/handbook'],
    ['srv/docs/handbook/a.md', 'srv/docs/handbook/a.md'],
    ['srv/docs/./handbook/../handbook', 'srv/docs/handbook'],
    ['srv/docs/in', 'srv/docs/handbook'],
    ['srv/link/handbook', 'srv/docs/handbook'],
    ['srv/wiki/pages', 'srv/wiki/pages'],
  ])('%s', async (path, real) => {
    const { base, roots } = await openFolders()
    expect(await allowedPath(`${base}/${path}`, roots)).toBe(join(base, real))
  })

  test.each([
    ['handbook', 'srv/docs/handbook'],
    ['pages', 'srv/wiki/pages'],
    ['.', 'srv/docs'],
  ])('%s, looked for in each root', async (path, real) => {
    const { base, roots } = await openFolders()
    expect(await allowedPath(path, roots)).toBe(join(base, real))
  })
})

describe('not allowed, in the same words whether it exists or not', () => {
  const names = [
    'srv',
    'srv/docs-private',
    'srv/docs-private/b.md',
    'srv/docs/..',
    'srv/docs/../docs-private',
    'srv/docs/out',
    'srv/docs/out/passwd',
    'etc/passwd',
    'srv/docs/nothing',
    'srv/gone',
    'srv/docs/handbook\0',
  ]
  test.each([
    ...names.map((name) => `BASE/${name}`),
    '/',
    '/etc/passwd',
    '/proc/self/environ',
    '/dev/stdin',
    '..',
    '../docs-private',
    '../../etc/passwd',
    'out/passwd',
    'handbook/../../docs-private',
    '%2e%2e/docs-private',
    '..\\docs-private',
    '~',
    '~/x',
    '$HOME',
    'file:///etc/passwd',
    'C:\\Windows',
    '\\\\server\\share',
    '//server/share',
    '\0',
    'a\0b',
    'x'.repeat(5_000),
    'a/'.repeat(2_000),
    'handbook::$DATA',
    'handbook:stream',
  ])('%.60j', async (given) => {
    const { base, roots } = await openFolders()
    const thrown = await allowedPath(given.replace('BASE', base), roots).catch((error: unknown) => error)
    expect(thrown).toMatchObject({
      code: 'FORBIDDEN',
      message: 'This service does not index that path',
      field: 'path',
    })
  })

  test('anything, when nothing is', async () => {
    const { base } = await openFolders()
    await expect(allowedPath(base, [])).rejects.toMatchObject({ code: 'FORBIDDEN' })
    await expect(allowedPath('.', [])).rejects.toMatchObject({ code: 'FORBIDDEN' })
  })

  test('a root that is a link is what it points at', async () => {
    const { base } = await openFolders()
    const file = join(base, 'srv/docs/new/d.md')
    await mkdir(dirname(file))
    await writeFile(file, 'D')
    expect(await allowedPath(join(base, 'srv/docs/new'), [join(base, 'srv/link')])).toBe(dirname(file))
  })
})
