import { throwIfAborted } from '../../errors.js'
import type { Location, Picture } from '../../types.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from '../extractor.js'
import { sniffFormat } from '../sniff.js'
import { TextBuilder } from '../text-builder.js'
import { type ImageMetadata, readImageMetadata } from './image-metadata.js'
import { pngOfGif } from './png-of-gif.js'

const types: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
])

/** Pictures that are smaller in pixels are icons, lines and beacons, in which there is nothing to see. */
const MIN_SIDE = 24

/**
 * Pictures, by their content and not by their name. Their text is the title, description and keywords that people gave
 * them, most have none; what they show is for a model to see.
 */
export const pictureExtractor: Extractor = {
  format: 'picture',
  isIsolated: true,
  accepts(file: FileSample): boolean {
    return types.has(sniffFormat(file.head)?.id ?? '')
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const type = types.get(sniffFormat(bytes.subarray(0, 16))?.id ?? '')
    if (type === undefined)
      return { skipped: 'TYPE_MISMATCH', message: 'It is no picture of a kind that is read' }
    const image = await readOrExplain(bytes)
    throwIfAborted(options.signal)
    if (typeof image === 'string')
      return { skipped: 'PARSE_ERROR', message: `The picture is broken: ${image}` }
    const { text, blocks } = writeImage(image)
    const isIcon = Math.min(sizeOf(image, 'width'), sizeOf(image, 'height')) < MIN_SIDE
    if (isIcon && blocks.length === 0)
      return { skipped: 'NO_TEXT', message: 'An icon without a description of its own' }
    const seen = options.pictures ? await asModelsTakeIt(bytes, type) : { mimeType: type, bytes }
    return {
      text,
      blocks,
      ...(image.title === undefined ? {} : { title: image.title }),
      metadata: image.metadata,
      type,
      ...(isIcon ? {} : { picture: seen }),
    }
  },
}

/** Models take no GIF. */
async function asModelsTakeIt(bytes: Uint8Array, mimeType: string): Promise<Picture> {
  return mimeType === 'image/gif'
    ? { mimeType: 'image/png', bytes: await pngOfGif(bytes) }
    : { mimeType, bytes }
}

/** In pixels; as large as may be where the picture does not tell. */
function sizeOf({ metadata }: ImageMetadata, side: 'width' | 'height'): number {
  const size = metadata[side]
  return typeof size === 'number' ? size : Number.POSITIVE_INFINITY
}

async function readOrExplain(bytes: Uint8Array): Promise<ImageMetadata | string> {
  try {
    return await readImageMetadata(bytes)
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : 'unknown reason'
  }
}

function writeImage({ title, description, tags }: ImageMetadata) {
  const builder = new TextBuilder()
  const location: Location = { kind: 'section', path: [] }
  if (title !== undefined) builder.addHeading(1, title, location)
  builder.add('text', description ?? '', location)
  if (tags.length > 0) builder.add('text', `Keywords: ${tags.join(', ')}`, location)
  return builder.finish()
}
