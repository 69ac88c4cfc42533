import { describe, expect, it } from 'vitest'
import { MAX_IMAGE_BYTES, MAX_IMAGES, readQuestion } from '../../src/answer/check-images.js'
import type { QuestionPart } from '../../src/types.js'

/** An image of so many bytes that begins as given. */
function image(mimeType: string, signature: string, bytes = 32) {
  const head = Buffer.from(signature, 'hex')
  const data = Buffer.concat([head, Buffer.alloc(Math.max(0, bytes - head.length))])
  return { mimeType, data: data.toString('base64') }
}
const png = (bytes?: number) => image('image/png', '89504e470d0a1a0a', bytes)

describe('a question', () => {
  it('may be a text, or parts in any order, with images beside them', () => {
    expect(readQuestion('Which?')).toEqual({ text: 'Which?', images: [] })
    const [a, b] = [png(33), png(36)]
    const parts = [{ text: 'Which' }, { inlineData: a }, { text: 'is it?' }]
    expect(readQuestion(parts, [b])).toEqual({ text: 'Which\nis it?', images: [a, b] })
  })

  it('has no part that is neither a text nor an image', () => {
    const other = { type: 'inlineData', ...png() } as unknown as QuestionPart
    expect(() => readQuestion([{ text: 'Which?' }, other])).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        field: 'question',
        message: 'Part 2 of the question is neither a text nor an image',
      }),
    )
  })
})

describe('an image', () => {
  it.each([
    ['image/png', '89504e470d0a1a0a'],
    ['image/jpeg', 'ffd8ffe000104a464946'],
    ['image/webp', '524946461a00000057454250'],
    ['image/heic', '00000018667479706865696300000000'],
    ['image/heif', '00000018667479706d69663100000000'],
    ['image/heif', '00000018667479706865696300000000'],
  ])('is %s by the bytes %s', (mimeType, signature) => {
    const images = [image(mimeType, signature)]
    expect(readQuestion('Which?', images).images).toEqual(images)
  })

  it.each([
    ['no base64', { mimeType: 'image/png', data: 'data:image/png;base64,AAAA' }, 'Image 2 is not base64'],
    ['nothing', { mimeType: 'image/png', data: '' }, 'Image 2 is not base64'],
    ['a GIF', image('image/gif', '474946383961'), /^Image 2 is none of image\/png, image\/jpeg/],
    ['SVG', image('image/svg+xml', '3c737667'), /^Image 2 is none of/],
    ['a JPEG', { ...image('image/png', 'ffd8ffe0') }, 'Image 2 is said to be image/png, but is image/jpeg'],
  ])('that is %s is named by its number', (_, bad, message) => {
    expect(() => readQuestion('Which?', [png(), bad])).toThrow(
      expect.objectContaining({
        code: 'BAD_INPUT',
        field: 'images',
        message: typeof message === 'string' ? message : expect.stringMatching(message),
      }),
    )
  })
})

describe('images', () => {
  it('are so many at most', () => {
    const all = Array.from({ length: MAX_IMAGES }, () => png())
    expect(readQuestion('Which?', all).images).toHaveLength(MAX_IMAGES)
    expect(() => readQuestion('Which?', [...all, png()])).toThrow(
      'There are 17 images; at most 16 are allowed',
    )
  })

  it('have so many bytes in all at most', () => {
    // Divisible by three: base64 of it has no padding, which counts as bytes.
    const most = Math.floor(MAX_IMAGE_BYTES / 6) * 3
    expect(readQuestion('Which?', [png(most), png(most)]).images).toHaveLength(2)
    expect(() => readQuestion('Which?', [png(most), png(most + 3)])).toThrow(
      /^The images have 14,00\d,\d{3} bytes; at most 14,000,000 are allowed$/,
    )
  })
})
