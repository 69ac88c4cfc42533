import { GemdexError } from '../errors.js'
import type { InlineData, QuestionPart } from '../types.js'

/** Google takes a request of 20 MB in all; base64 makes a third more of the bytes, and the passages need room. */
export const MAX_IMAGE_BYTES = 14_000_000
export const MAX_IMAGES = 16

/** What the bytes of each kind begin with, as hexadecimal digits; a dot stands for any one. */
const SIGNATURES: readonly (readonly [mimeType: string, signature: RegExp])[] = [
  ['image/png', /^89504e470d0a1a0a/],
  ['image/jpeg', /^ffd8ff/],
  ['image/webp', /^52494646.{8}57454250/],
  ['image/heic', /^.{8}66747970(?:68656963|68656978|68657663|6d696631.*68656963)/],
  ['image/heif', /^.{8}66747970(?:6d696631|6d736631)/],
]
const SIGNATURE_BYTES = 32
/** Looked for, as to match the whole of an image at its limit was once seen to take more stack than there is. */
const NO_BASE64_DIGIT = /[^A-Za-z0-9+/]/

/** The type of an image by its first bytes; undefined for what no model takes. */
export function sniffImage(bytes: Uint8Array): string | undefined {
  const digits = Buffer.from(bytes.subarray(0, SIGNATURE_BYTES)).toString('hex')
  return SIGNATURES.find(([, signature]) => signature.test(digits))?.[0]
}

/**
 * A question's text and images. Throws BAD_INPUT, naming the image by its number, for one that is no base64, no PNG, JPEG,
 * WebP, HEIC or HEIF, or of another type than it says; for too many, and for too many bytes in all. So it does for a part that
 * is neither a text nor an image, which callers without types would else lose in silence.
 */
export function readQuestion(
  question: string | readonly QuestionPart[],
  images: readonly InlineData[] = [],
): { text: string; images: readonly InlineData[] } {
  const parts = typeof question === 'string' ? [{ text: question }] : question
  for (const [i, part] of parts.entries()) if (!('text' in part || 'inlineData' in part)) throw badPart(i + 1)
  const text = parts.flatMap((part) => ('text' in part ? part.text : [])).join('\n')
  const all = [...parts.flatMap((part) => ('inlineData' in part ? part.inlineData : [])), ...images]
  if (all.length > MAX_IMAGES) throw bad(`There are ${all.length} images; at most ${MAX_IMAGES} are allowed`)
  const sizes = all.map((image, i) => checkImage(image, i + 1))
  const bytes = sizes.reduce((sum, size) => sum + size, 0)
  if (bytes > MAX_IMAGE_BYTES)
    throw bad(
      `The images have ${bytes.toLocaleString('en')} bytes; at most ${MAX_IMAGE_BYTES.toLocaleString('en')} are allowed`,
    )
  return { text, images: all }
}

/** Gives the number of bytes. */
function checkImage({ mimeType, data }: InlineData, number: number): number {
  const digits = data.replace(/={1,2}$/, '')
  if (digits === '' || data.length % 4 !== 0 || NO_BASE64_DIGIT.test(digits))
    throw bad(`Image ${number} is not base64`, 'Send the bytes in standard base64, without a data: prefix.')
  const found = sniffImage(Buffer.from(data.slice(0, 4 * SIGNATURE_BYTES), 'base64'))
  const types = SIGNATURES.map(([type]) => type).join(', ')
  if (found === undefined) throw bad(`Image ${number} is none of ${types}`)
  const isAlike = found === mimeType || (isHeif(found) && isHeif(mimeType))
  if (!isAlike) throw bad(`Image ${number} is said to be ${mimeType}, but is ${found}`)
  return (data.length / 4) * 3
}

/** One container for both. */
function isHeif(type: string): boolean {
  return type === 'image/heic' || type === 'image/heif'
}

function badPart(number: number): GemdexError {
  return new GemdexError('BAD_INPUT', `Part ${number} of the question is neither a text nor an image`, {
    hint: 'A part is { text } or { inlineData: { mimeType, data } }.',
    field: 'question',
  })
}

function bad(message: string, hint?: string): GemdexError {
  return new GemdexError('BAD_INPUT', message, { field: 'images', ...(hint === undefined ? {} : { hint }) })
}
