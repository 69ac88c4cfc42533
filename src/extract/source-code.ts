import { throwIfAborted } from '../errors.js'
import type { Notice } from '../types.js'
import { type CodeGrammars, createGrammars } from './code-grammars.js'
import { type CodeLanguage, languageOf } from './code-languages.js'
import { decodeText } from './encoding.js'
import type { Extraction, ExtractOptions, Extractor, FileSample, Skipped } from './extractor.js'
import { baseName, isText } from './file-name.js'
import { splitLines } from './lines.js'
import { outlineShell } from './shell-outline.js'
import { outlineBlocks, type SourceUnit } from './source-outline.js'

/** Above this size the source is a program's output; its tree would take 100 MB. */
const MAX_PARSED_CHARS = 1_000_000
/** Lines that nobody wrote by hand; where most of a file is such, its words are no prose either. */
const LONG_LINE_CHARS = 1_000
const MAX_MINIFIED_CHARS = 10_000

/**
 * Source code. The text is the source itself; its blocks are functions, methods, classes and the like under their names,
 * with the comments above them, told by syntax (tree-sitter) where there is a grammar, and else parts between blank lines.
 */
export const sourceCodeExtractor: Extractor = createSourceCodeExtractor()

function createSourceCodeExtractor(): Extractor {
  const grammars = createGrammars()
  return {
    format: 'source code',
    isIsolated: true,
    accepts(file: FileSample): boolean {
      return languageOf(file.name) !== undefined && isText(file.head)
    },
    async extract(bytes: Uint8Array, options: ExtractOptions): Promise<Extraction | Skipped> {
      throwIfAborted(options.signal)
      const language = languageOf(options.name)
      if (language === undefined) return { skipped: 'UNSUPPORTED', message: 'It is in no known language' }
      const decoded = decodeText(bytes)
      if ('skipped' in decoded) return decoded
      const minified = cutMinified(decoded.text)
      const text = minified ?? decoded.text
      const { units, notices } = await parse(text, language, grammars)
      throwIfAborted(options.signal)
      const blocks = outlineBlocks(splitLines(text), units)
      if (blocks.length === 0) return { skipped: 'NO_TEXT', message: 'The file holds no text' }
      return {
        text,
        blocks,
        title: baseName(options.name),
        metadata: { programmingLanguage: language.name },
        type: language.type,
        notices,
        ...(minified === undefined
          ? {}
          : { truncated: `Minified code: only the first ${MAX_MINIFIED_CHARS} characters were read` }),
      }
    },
  }
}

type ParsedCode = { readonly units: readonly SourceUnit[]; readonly notices: readonly Notice[] }

/** The units of the source; none where there is no grammar, or where the parser gives up on it. */
async function parse(
  text: string,
  { grammar, name }: CodeLanguage,
  grammars: CodeGrammars,
): Promise<ParsedCode> {
  if (name === 'Shell') return { units: outlineShell(splitLines(text)), notices: [] }
  if (grammar === undefined || text.length > MAX_PARSED_CHARS) return { units: [], notices: [] }
  try {
    return { units: await grammars.outline(text, grammar), notices: [] }
  } catch {
    const message = `Its ${name} could not be parsed; it is cut at blank lines, not at functions`
    return { units: [], notices: [{ code: 'PARSE_ERROR', message }] }
  }
}

/** The beginning of a source most of which stands in very long lines; undefined for one that people wrote. */
function cutMinified(text: string): string | undefined {
  if (text.length <= MAX_MINIFIED_CHARS) return undefined
  const inLongLines = text
    .split('\n')
    .reduce((sum, line) => (line.length > LONG_LINE_CHARS ? sum + line.length : sum), 0)
  return inLongLines > text.length / 2 ? text.slice(0, MAX_MINIFIED_CHARS) : undefined
}
