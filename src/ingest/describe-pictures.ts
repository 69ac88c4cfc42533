import type { DocumentPart, ExtractedFile, Skipped } from '../extract/extractor.js'
import type { Block, Location, Notice } from '../types.js'
import type { PictureReader, PictureReading, ReadPictureOptions } from './picture-reader.js'

const IN_PICTURE: Location = { kind: 'section', path: [] }

/**
 * A file with what a model says of its pictures, as text after what they say of themselves. Pictures of which nothing can be
 * said are left out, or the whole file when it holds nothing else. Throws what the reader throws.
 */
export async function describePictures(
  file: ExtractedFile,
  reader: PictureReader,
  options: ReadPictureOptions,
): Promise<ExtractedFile | Skipped> {
  const documents: DocumentPart[] = []
  const notices: Notice[] = [...file.notices]
  for (const { picture, ...document } of file.documents) {
    const reading = picture === undefined ? undefined : await reader.read(picture, options)
    if (reading !== undefined && 'unread' in reading) {
      const part = document.part === undefined ? {} : { part: document.part }
      notices.push({ code: 'NO_TEXT', message: reading.unread.slice(0, 200), ...part })
    }
    const whole =
      reading === undefined || 'unread' in reading ? document : addReading(document, reading, reader.model)
    if (whole.blocks.length > 0) documents.push(whole)
  }
  const [first] = notices
  if (documents.length > 0) return { ...file, documents, notices }
  return { skipped: 'NO_TEXT', message: first?.message ?? 'The file holds no text' }
}

function addReading(document: DocumentPart, { title, description, text }: PictureReading, model: string) {
  let whole = document.text
  const blocks: Block[] = [...document.blocks]
  const add = (kind: Block['kind'], piece: string, facts: Partial<Block> = {}) => {
    if (piece === '') return
    const start = whole === '' ? 0 : whole.length + 2
    whole = whole === '' ? piece : `${whole}\n\n${piece}`
    blocks.push({ kind, start, end: whole.length, location: IN_PICTURE, ...facts })
  }
  add('text', description)
  add('text', text)
  return {
    ...document,
    ...(document.title === undefined && title !== '' ? { title } : {}),
    text: whole,
    blocks,
    metadata: { ...document.metadata, describedBy: model },
  }
}
