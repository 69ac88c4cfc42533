import type { Block } from '../types.js'

const maxTitleChars = 500

/** What programs put where a title belongs, in the languages in which they are widespread. */
const placeholders = new RegExp(
  `^(?:${[
    'untitled|unbenannt|sans titre|sin título|senza titolo|sem título|naamloos|без названия|无标题|無題',
    '(?:untitled|unbenanntes?|word|new|neues?|blank)?[ -]?(?:document|dokument|documento)',
    '(?:powerpoint|microsoft powerpoint)?[ -]?(?:presentation|präsentation|présentation|presentación|presentazione|apresentação)',
    'workbook|arbeitsmappe|book|mappe|classeur|sheet|tabelle|slide|folie|diapositive|diapositiva',
    'titel|title|titre|título|titolo|template|vorlage|normal|layout \\d+|no title',
  ].join('|')})[ _]*[\\d()]*$`,
  'iu',
)
const fileName =
  /\.(?:docx?|docm|dotx?|pptx?|pptm|potx?|xlsx?|xlsm|xltx?|odt|ods|odp|ott|rtf|pdf|indd|pages|key|pub|tex|dvi|ps|html?|txt|wpd|qxd|eps|ai|cdr)$/i
/** "Microsoft Word - report.doc", as printer drivers write it. */
const printed =
  /^(?:microsoft|ms|openoffice|libreoffice)?\s*(?:word|excel|powerpoint|publisher|visio|writer)\s+[-–—]\s+/i

/**
 * A title that a file's metadata holds, when it is one that people gave: undefined for what programs fill in ("Microsoft
 * Word - report.doc", "Untitled 1", a template's name) and for names of files.
 */
export function realTitle(given: string | undefined): string | undefined {
  const title = (given ?? '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, maxTitleChars)
  if (!/[\p{L}\p{N}]/u.test(title)) return undefined
  return placeholders.test(title) || fileName.test(title) || printed.test(title) ? undefined : title
}

/** The words of the first of the highest headings: what a document without a title of its own is called. */
export function firstHeading(blocks: readonly Block[]): string | undefined {
  const headings = blocks.filter(({ kind }) => kind === 'heading')
  const top = Math.min(...headings.map(({ level = 1 }) => level))
  return headings.find(({ level = 1 }) => level === top)?.heading
}
