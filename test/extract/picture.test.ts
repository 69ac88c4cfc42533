import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { extractFile } from '../../src/extract/extract.js'
import type { ExtractedFile } from '../../src/extract/extractor.js'
import { readImageMetadata } from '../../src/extract/picture/image-metadata.js'
import { pictureExtractor } from '../../src/extract/picture/picture.js'
import { describeExtractor } from '../contract/extractor.js'
import { expectSound, extractedOf, limits, textOf } from './expect-sound.js'
import { framedGif, gifOf, type JpegOptions, jpegOf, pngOf } from './image-files.js'

const list = (name: string, kind: string, values: readonly string[]) =>
  `<dc:${name}><rdf:${kind}>${values.map((value) => `<rdf:li>${value}</rdf:li>`).join('')}</rdf:${kind}></dc:${name}>`

describeExtractor('pictureExtractor', pictureExtractor, {
  name: 'north-light.png',
  bytes: pngOf({ Title: 'North light', Description: 'The lamp of the north light at dusk' }),
  contains: 'The lamp of the north light at dusk',
})

describe('what a photograph says of itself', () => {
  test('is read from EXIF, without the place where it was taken', async () => {
    const image = await readImageMetadata(
      jpegOf({
        image: { 270: 'Anna lights the lamp, später', 271: 'Nikon', 272: 'Nikon D90', 315: 'Bo' },
        photo: { 36867: '2024:03:14 09:26:53', 36881: '+01:00' },
        place: { 1: 'N', 29: '2024:03:14' },
      }),
    )
    expect(image).toEqual({
      description: 'Anna lights the lamp, später',
      tags: [],
      metadata: {
        author: 'Bo',
        created: '2024-03-14T09:26:53+01:00',
        camera: 'Nikon D90',
        width: 40,
        height: 30,
      },
    })
  })

  test('is read from XMP', async () => {
    const xmp = `${list('title', 'Alt', ['North light'])}${list('description', 'Alt', ['The lamp &amp; its keeper'])}${list('subject', 'Bag', ['lamp', 'sea'])}${list('creator', 'Seq', ['Anna'])}<xmp:CreateDate>2023-05-06T07:08:09</xmp:CreateDate>`
    expect(await readImageMetadata(jpegOf({ xmp }))).toEqual({
      title: 'North light',
      description: 'The lamp & its keeper',
      tags: ['lamp', 'sea'],
      metadata: {
        author: 'Anna',
        created: '2023-05-06T07:08:09',
        tags: ['lamp', 'sea'],
        width: 40,
        height: 30,
      },
    })
  })

  test.each([
    ['no date', { photo: { 36867: '0000:00:00 00:00:00' } }, undefined],
    ['a date that is none', { photo: { 36867: 'yesterday' } }, undefined],
    ['a date of the file', { image: { 306: '2022:01:02 03:04:05' } }, '2022-01-02T03:04:05'],
  ] as [string, JpegOptions, string | undefined][])('with %s', async (_, options, created) => {
    expect((await readImageMetadata(jpegOf(options))).metadata.created).toBe(created)
  })

  test.each([
    'OLYMPUS DIGITAL CAMERA',
    'SONY DSC',
    'Created with GIMP',
    'DSC_0042',
    'untitled',
    '   ',
    '12-34',
  ])('is no description when a camera wrote it: %s', async (words) => {
    expect((await readImageMetadata(jpegOf({ image: { 270: words } }))).description).toBeUndefined()
  })
})

describe('a picture', () => {
  test('with words has a title, a text and keywords', async () => {
    const bytes = pngOf({
      Title: '北の灯',
      Description: 'A lamp',
      Author: 'Anna',
      'Creation Time': '2024-03-14',
    })
    const extracted = extractedOf(await pictureExtractor.extract(bytes, { name: 'a.png', limits }))
    expectSound(extracted)
    expect(extracted).toMatchObject({
      title: '北の灯',
      type: 'image/png',
      metadata: { author: 'Anna', created: '2024-03-14', width: 40, height: 30 },
    })
    expect(textOf(extracted)).toEqual(['北の灯', 'A lamp'])
  })

  test.each([
    ['GIF', gifOf()],
    ['PNG', pngOf({ Software: 'a program' })],
    ['JPEG', jpegOf({})],
  ])('without words says how it would be read: %s', async (_, bytes) => {
    expect(await extractFile(bytes, { name: 'a.png', limits })).toMatchObject({
      skipped: 'NO_TEXT',
      message: expect.stringContaining('--images'),
    })
  })

  test('is handed out for a model to look at, with what it says of itself', async () => {
    const bytes = pngOf({ Title: 'North light', Author: 'Anna' })
    const options = { name: 'a.png', limits, pictures: true }
    expect(await extractFile(bytes, options)).toMatchObject({
      documents: [
        {
          title: 'North light',
          text: 'North light',
          metadata: { author: 'Anna' },
          picture: { mimeType: 'image/png', bytes },
        },
      ],
      unseenPictures: 0,
    })
    expect(await extractFile(jpegOf({}), { ...options, name: 'b.jpg' })).toMatchObject({
      documents: [{ text: '', blocks: [], picture: { mimeType: 'image/jpeg' } }],
    })
  })

  test('with words of its own counts as unseen where no model looks', async () => {
    const found = await extractFile(pngOf({ Title: 'North light' }), { name: 'a.png', limits })
    expect(found).toMatchObject({ documents: [{ text: 'North light' }], unseenPictures: 1 })
    expect(found).not.toHaveProperty('documents.0.picture')
  })

  test('of GIF is handed out as PNG, as models take no GIF', async () => {
    const found = await extractFile(framedGif(64, 48), { name: 'a.gif', limits, pictures: true })
    const { bytes, mimeType } = (found as ExtractedFile).documents[0]?.picture ?? {}
    expect(mimeType).toBe('image/png')
    const { width, height, data } = PNG.sync.read(Buffer.from(bytes ?? []))
    expect([width, height, ...data.subarray(0, 4)]).toEqual([64, 48, 0xff, 0x80, 0, 0xff])
  })

  test.each([
    [16, 16, 'NO_TEXT', 'icon'],
    [60_000, 60_000, 'TOO_LARGE', '60000 x 60000 pixels'],
  ])('of %i x %i pixels is not', async (width, height, skipped, words) => {
    const bytes = framedGif(64, 48)
    bytes.set([width & 255, width >> 8, height & 255, height >> 8], 6)
    expect(await extractFile(bytes, { name: 'a.gif', limits, pictures: true })).toEqual({
      skipped,
      message: expect.stringContaining(words),
    })
  })

  test('is known by its content', () => {
    expect(pictureExtractor.accepts({ name: 'letter.txt', head: gifOf() })).toBe(true)
    expect(pictureExtractor.accepts({ name: 'letter.gif', head: new TextEncoder().encode('words') })).toBe(
      false,
    )
  })

  test('that is broken is named as such', async () => {
    const bytes = Buffer.concat([jpegOf({}).subarray(0, 3), Buffer.alloc(40, 7)])
    expect(await extractFile(bytes, { name: 'a.jpg', limits })).toMatchObject({
      skipped: expect.stringMatching(/PARSE_ERROR|NO_TEXT/),
    })
  })
})
