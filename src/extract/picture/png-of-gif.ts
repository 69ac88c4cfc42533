import { SkipError } from '../extractor.js'

/** As many as a camera's picture has; decoded, each takes four bytes. */
const MAX_PIXELS = 40_000_000

/**
 * The first frame of a GIF as PNG. Throws a SkipError for one of more than 40 million pixels, and what the decoder throws for
 * a broken one.
 */
export async function pngOfGif(bytes: Uint8Array): Promise<Uint8Array> {
  const [{ GifReader }, { PNG }] = await Promise.all([import('omggif'), import('pngjs')])
  const gif = new GifReader(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (gif.width * gif.height > MAX_PIXELS)
    throw new SkipError('TOO_LARGE', `It has ${gif.width} x ${gif.height} pixels`)
  const png = new PNG({ width: gif.width, height: gif.height })
  gif.decodeAndBlitFrameRGBA(0, png.data)
  return PNG.sync.write(png)
}
