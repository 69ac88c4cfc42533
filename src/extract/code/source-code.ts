import type { Notice } from '../../types.js'
import type { Extractor } from '../extractor.js'
import { baseName } from '../file-name.js'
import { type Lines, splitLines } from '../lines.js'
import { createTextExtractor } from '../text-extractor.js'
import { type CodeGrammars, createGrammars } from './code-grammars.js'
import { type CodeLanguage, languageOf } from './code-languages.js'
import { outlineShell } from './shell-outline.js'
import { outlineBlocks, type SourceUnit } from './source-outline.js'

/** A million characters take a second and 50 MB to parse; what is larger is a program's output. */
const MAX_PARSED_CHARS = 1_000_000
/** Lines that nobody wrote by hand; where most of a file is such, its words are no prose either. */
const LONG_LINE_CHARS = 1_000
const MAX_MINIFIED_CHARS = 10_000
const MINIFIED = `Minified code: only the first ${MAX_MINIFIED_CHARS.toLocaleString('en')} characters were read`

/**
 * Source code. The text is the source itself; its blocks are functions, methods, classes and the like under their names,
 * with the comments above them, told by syntax (tree-sitter) where there is a grammar, and else parts between blank lines.
 */
export const sourceCodeExtractor = createSourceCodeExtractor()

function createSourceCodeExtractor(): Extractor {
  const grammars = createGrammars()
  return createTextExtractor({
    format: 'source code',
    isIsolated: true,
    isNamed: (name) => languageOf(name) !== undefined,
    noText: 'The file holds no text',
    async read(source, { name }) {
      const language = languageOf(name)
      if (language === undefined) return { skipped: 'UNSUPPORTED', message: 'It is in no known language' }
      const minified = cutMinified(source)
      const text = minified ?? source
      const lines = splitLines(text)
      const { units, notices } = await parse(lines, language, grammars)
      return {
        text,
        blocks: outlineBlocks(lines, units),
        title: baseName(name),
        metadata: { programmingLanguage: language.name },
        type: language.type,
        notices,
        ...(minified === undefined ? {} : { truncated: MINIFIED }),
      }
    },
  })
}

type ParsedCode = { readonly units: readonly SourceUnit[]; readonly notices: readonly Notice[] }

/** The units of the source; none where there is no grammar, or where the parser gives up on it. */
async function parse(
  lines: Lines,
  { grammar, name }: CodeLanguage,
  grammars: CodeGrammars,
): Promise<ParsedCode> {
  if (name === 'Shell') return { units: outlineShell(lines), notices: [] }
  if (grammar === undefined || lines.text.length > MAX_PARSED_CHARS) return { units: [], notices: [] }
  try {
    return { units: await grammars.outline(lines.text, grammar), notices: [] }
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
