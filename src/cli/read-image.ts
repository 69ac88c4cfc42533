import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { MAX_IMAGE_BYTES, sniffImage } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { InlineData } from '../types.js'
import { formatNumber } from './style.js'

/** Reads a picture for a question. Throws BAD_INPUT naming the file for one that cannot be read, is too large or none. */
export async function readImage(path: string, cwd: string): Promise<InlineData> {
  const bad = (what: string, cause?: unknown) =>
    new GemdexError('BAD_INPUT', `The image ${path} ${what}`, { field: 'image', cause })
  let bytes: Buffer
  try {
    const absolute = resolve(cwd, path)
    const { size } = await stat(absolute)
    if (size > MAX_IMAGE_BYTES)
      throw bad(`has ${formatNumber(size)} bytes; at most ${formatNumber(MAX_IMAGE_BYTES)} go`)
    bytes = await readFile(absolute)
  } catch (error) {
    if (error instanceof GemdexError) throw error
    throw bad('cannot be read', error)
  }
  const mimeType = sniffImage(bytes)
  if (mimeType === undefined) throw bad('is no PNG, JPEG, WebP, HEIC or HEIF')
  return { mimeType, data: bytes.toString('base64') }
}
