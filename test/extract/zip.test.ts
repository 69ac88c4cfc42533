import { deflateRawSync } from 'node:zlib'
import { strToU8, zipSync } from 'fflate'
import { describe, expect, test } from 'vitest'
import { openZip } from '../../src/extract/zip.js'
import { limits } from './expect-sound.js'

/** Writes `size` where the archive's directory and the part's own header tell how large the part is. */
function lieAboutSize(zip: Uint8Array, size: number): Uint8Array {
  const lying = Buffer.from(zip)
  lying.writeUInt32LE(size, lying.indexOf('PK\x03\x04', 0, 'latin1') + 22)
  lying.writeUInt32LE(size, lying.indexOf('PK\x01\x02', 0, 'latin1') + 24)
  return lying
}

const bomb = zipSync({ 'word/document.xml': new Uint8Array(30_000_000) })

describe('an archive', () => {
  test('gives its parts by name', async () => {
    const zip = await openZip(
      zipSync({ 'a.xml': strToU8('<a>ü</a>'), 'dir/b.bin': Uint8Array.of(1, 2) }),
      limits,
    )
    expect(zip.names).toEqual(['a.xml', 'dir/b.bin'])
    expect(await zip.readText('a.xml')).toBe('<a>ü</a>')
    expect(await zip.read('dir/b.bin')).toEqual(Buffer.from([1, 2]))
    expect(await zip.read('missing')).toBeUndefined()
  })

  test('reads text in UTF-16', async () => {
    const utf16 = Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from('<a>ü</a>', 'utf16le')])
    expect(await (await openZip(zipSync({ 'a.xml': utf16 }), limits)).readText('a.xml')).toBe('<a>ü</a>')
  })

  test('is refused where a part unpacks to too many times its size, and not before it is read', async () => {
    const zip = await openZip(bomb, limits)
    await expect(zip.read('word/document.xml')).rejects.toMatchObject({ reason: 'ARCHIVE_BOMB' })
  })

  test('is refused by what comes out of it, whatever size it tells', async () => {
    const zip = await openZip(lieAboutSize(bomb, 1000), limits)
    await expect(zip.read('word/document.xml')).rejects.toMatchObject({
      reason: expect.stringMatching(/^(ARCHIVE_BOMB|PARSE_ERROR)$/),
    })
  })

  test('is refused by the size it tells, without unpacking', async () => {
    const zip = await openZip(lieAboutSize(zipSync({ a: strToU8('tiny') }), 0xfffffff0), limits)
    await expect(zip.read('a')).rejects.toMatchObject({ reason: 'ARCHIVE_BOMB' })
  })

  test('is refused when all its parts together are too large', async () => {
    const noise = Uint8Array.from({ length: 600_000 }, (_, i) => (i * 2_654_435_761) >>> 13)
    const zip = await openZip(zipSync({ a: noise, b: noise }), { ...limits, maxInflatedBytes: 1_000_000 })
    await zip.read('a')
    await expect(zip.read('b')).rejects.toMatchObject({ reason: 'ARCHIVE_BOMB' })
  })

  test('is refused when it has too many entries', async () => {
    const many = zipSync(Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i}`, strToU8('')])))
    await expect(openZip(many, { ...limits, maxArchiveEntries: 10 })).rejects.toMatchObject({
      reason: 'ARCHIVE_BOMB',
    })
  })

  test('with a password is named as such', async () => {
    const locked = Buffer.from(zipSync({ a: strToU8('secret') }))
    locked.writeUInt16LE(1, locked.indexOf('PK\x01\x02', 0, 'latin1') + 8)
    locked.writeUInt16LE(1, 6)
    await expect((await openZip(locked, limits)).read('a')).rejects.toMatchObject({ reason: 'ENCRYPTED' })
  })

  test.each([
    ['words', strToU8('just words')],
    ['nothing', new Uint8Array()],
    ['half an archive', zipSync({ a: strToU8('a'.repeat(500)) }).subarray(0, 60)],
    ['a name that leaves the archive', zipSync({ '../a': strToU8('a') })],
  ])('of %s is broken', async (_, bytes) => {
    await expect(openZip(bytes, limits)).rejects.toMatchObject({ reason: 'PARSE_ERROR' })
  })

  test('with a torn part is broken', async () => {
    const zip = zipSync({ a: strToU8('abcdefgh'.repeat(1000)) })
    const torn = Buffer.from(zip)
    const raw = Buffer.from(deflateRawSync('abcdefgh'.repeat(1000)))
    torn.fill(0xff, 31, 31 + raw.length / 2)
    await expect((await openZip(torn, limits)).read('a')).rejects.toMatchObject({ reason: 'PARSE_ERROR' })
  })
})
