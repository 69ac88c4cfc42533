import type { Location, MetadataValue } from '../../types.js'
import { boundedText, present } from '../bounded-metadata.js'
import { hasEnding } from '../file-name.js'
import { readMarkdown } from '../markdown/markdown.js'
import { TextBuilder } from '../text-builder.js'
import { createTextExtractor } from '../text-extractor.js'
import { type NotebookCell, readCells } from './notebook-cells.js'

/**
 * Jupyter notebooks (nbformat 3 and 4, https://nbformat.readthedocs.io). Cells in order, located by their number: Markdown with
 * its headings, code as code, outputs as far as they are text and cut to their first lines. The title is the notebook's own,
 * else its first heading.
 */
export const notebookExtractor = createTextExtractor({
  format: 'Jupyter notebook',
  isIsolated: false,
  isNamed: (name) => hasEnding(name, ['ipynb']),
  noText: 'Its cells hold no text',
  read(source, { limits }) {
    const notebook = readCells(source)
    if (notebook === undefined)
      return { skipped: 'PARSE_ERROR', message: 'It is named as a notebook, but holds no cells' }
    const builder = new TextBuilder()
    notebook.cells.forEach((cell, i) => {
      if (builder.length <= limits.maxChars) writeCell(builder, cell, { kind: 'cell', n: i + 1 })
    })
    const { text, blocks } = builder.finish()
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
})

function writeCell(builder: TextBuilder, { kind, source, outputs }: NotebookCell, location: Location): void {
  if (kind === 'markdown') builder.addBlocks(readMarkdown(source), () => location)
  else builder.add(kind === 'code' ? 'code' : 'text', source, location)
  for (const output of outputs) builder.add('code', output, location)
}
