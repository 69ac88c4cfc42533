import { throwIfAborted } from '../errors.js'
import type { Location, MetadataValue } from '../types.js'
import { boundedText, present } from './bounded-metadata.js'
import { decodeText } from './encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { hasEnding, isText } from './file-name.js'
import { readMarkdown } from './markdown.js'
import { type NotebookCell, readCells } from './notebook-cells.js'
import { TextBuilder } from './text-builder.js'

/**
 * Jupyter notebooks (nbformat 3 and 4, https://nbformat.readthedocs.io). Cells in order, located by their number: Markdown with
 * its headings, code as code, outputs as far as they are text and cut to their first lines. The title is the notebook's own,
 * else its first heading.
 */
export const notebookExtractor: Extractor = {
  format: 'Jupyter notebook',
  isIsolated: false,
  accepts(file: FileSample): boolean {
    return hasEnding(file.name, ['ipynb']) && isText(file.head)
  },
  async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
    throwIfAborted(options.signal)
    const decoded = decodeText(bytes)
    if ('skipped' in decoded) return decoded
    const notebook = readCells(decoded.text)
    if (notebook === undefined)
      return { skipped: 'PARSE_ERROR', message: 'It is named as a notebook, but holds no cells' }
    const builder = new TextBuilder()
    notebook.cells.forEach((cell, i) => {
      if (builder.length <= options.limits.maxChars) writeCell(builder, cell, { kind: 'cell', n: i + 1 })
    })
    throwIfAborted(options.signal)
    const { text, blocks } = builder.finish()
    if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'Its cells hold no text' }
    const heading = blocks.find(({ level }) => level === 1) ?? blocks.find(({ kind }) => kind === 'heading')
    const title = boundedText(notebook.title) ?? heading?.heading
    return {
      text,
      blocks,
      ...(title === undefined ? {} : { title }),
      metadata: present<MetadataValue>({
        author: boundedText(notebook.authors.join(', ')),
        programmingLanguage: boundedText(notebook.language),
      }),
      type: 'application/x-ipynb+json',
    }
  },
}

function writeCell(builder: TextBuilder, { kind, source, outputs }: NotebookCell, location: Location): void {
  if (kind === 'markdown') builder.addBlocks(readMarkdown(source), () => location)
  else builder.add(kind === 'code' ? 'code' : 'text', source, location)
  for (const output of outputs) builder.add('code', output, location)
}
