import { Parser } from 'htmlparser2'
import { type ExtractLimits, SkipError } from './extractor.js'

/** An element as it opens. Names are as written, prefix included: `w:p`. */
export type XmlElement = {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
}

/** Where an event stands, as offsets into the source: those of a tag from its `<` to behind its `>`. */
export type XmlPlace = { readonly start: number; readonly end: number }

export type XmlHandlers = {
  readonly open?: (element: XmlElement, place: XmlPlace) => void
  readonly close?: (name: string, place: XmlPlace) => void
  /** Text comes in pieces; entities of XML itself are resolved. */
  readonly text?: (text: string, place: XmlPlace) => void
  /** A comment, whole. */
  readonly comment?: (text: string) => void
  /** Asked now and then; true ends the reading, and what is open then is not closed. */
  readonly isDone?: () => boolean
}

/** So much is read between two questions whether it is enough. */
const PIECE_CHARS = 64 * 1024

/** Declarations stand at the start; a later one has no meaning in XML. */
const PROLOGUE_CHARS = 64 * 1024

/**
 * Reads XML event by event, without recursion: no entity is ever declared, nothing is fetched. Lenient: what is not closed
 * is closed at the end.
 *
 * Throws SkipError: XML_FORBIDDEN when the document declares entities, TOO_DEEP when elements nest deeper than `maxDepth`.
 */
export function readXml(
  source: string,
  handlers: XmlHandlers,
  { maxDepth }: Pick<ExtractLimits, 'maxDepth'>,
): void {
  if (/<!ENTITY/.test(source.slice(0, PROLOGUE_CHARS)))
    throw new SkipError('XML_FORBIDDEN', 'It declares entities of its own, which are not read')
  let depth = 0
  const place = (): XmlPlace => ({ start: parser.startIndex, end: parser.endIndex + 1 })
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (++depth > maxDepth)
          throw new SkipError('TOO_DEEP', `Its elements nest more than ${maxDepth} deep`)
        handlers.open?.({ name, attributes }, place())
      },
      onclosetag(name) {
        depth--
        handlers.close?.(name, place())
      },
      ontext: (text) => handlers.text?.(text, place()),
      oncomment: (text) => handlers.comment?.(text),
    },
    { xmlMode: true, decodeEntities: true },
  )
  for (let at = 0; at < source.length; at += PIECE_CHARS) {
    if (handlers.isDone?.() === true) return
    parser.write(source.slice(at, at + PIECE_CHARS))
  }
  parser.end()
}
