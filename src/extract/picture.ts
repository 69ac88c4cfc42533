import { throwIfAborted } from '../errors.js'
import type { Location } from '../types.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { type ImageMetadata, readImageMetadata } from './image-metadata.js'
import { sniffFormat } from './sniff.js'
import { TextBuilder } from './text-builder.js'

const types: ReadonlyMap<string, string> = new Map([
  ['png', 'image/png'],
  ['jpeg', 'image/jpeg'],
  ['webp', 'image/webp'],
  ['gif', 'image/gif'],
])

/**
 * Pictures, by their content and not by their name. Without a model to look at them their text is the title, description and
 * keywords that people gave them; most have none.
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
    if (blocks.length === 0) {
      return {
        skipped: 'NO_TEXT',
        message: 'A picture without a description of its own; pictures are read with --images and Gemini',
      }
    }
    return {
      text,
      blocks,
      ...(image.title === undefined ? {} : { title: image.title }),
      metadata: image.metadata,
      type,
    }
  },
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
