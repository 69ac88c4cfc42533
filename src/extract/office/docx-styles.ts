import type { ExtractLimits } from '../extractor.js'
import { isCodeFont } from '../flow/code-font.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { isOn } from './office-package.js'

/** What a style of a Word document says of its paragraphs. */
export type WordStyle = {
  readonly name: string
  /** Level from 1 for headings; the title of the document is one of level 1. */
  readonly heading?: number
  readonly numbering?: NumberingReference
  readonly isCode: boolean
  /** An entry of a table of contents, which repeats a heading. */
  readonly isContentsEntry: boolean
  readonly isHidden: boolean
}

export type NumberingReference = {
  readonly id?: string
  /** From 0. */
  readonly level?: number
}

type RawStyle = {
  readonly id: string
  name: string
  basedOn?: string
  outlineLevel?: number
  numberingId?: string
  numberingLevel?: number
  font?: string
  isHidden?: boolean
}

const plainStyle: WordStyle = { name: '', isCode: false, isContentsEntry: false, isHidden: false }
/** Styles are based on one another; a file may make a circle of them. */
const maxAncestors = 20

const builtInHeadingId = /^(?:heading ?([1-9])|title)$/i

const codeStyleName =
  /^(?:source ?code|code ?(?:block|text|listing)?|html (?:preformatted|code)|preformatted(?: text)?|macro(?: ?text)?|verbatim|listing|program ?listing)$/i

/** The styles of a Word document by their id; `of(undefined)` is that of paragraphs that name none. */
export interface WordStyles {
  of(id: string | undefined): WordStyle
  /** Whether plain paragraphs are in a font for code, as those of screenplays are: it tells nothing then. */
  readonly isAllCode: boolean
}

export function readWordStyles(source: string | undefined, limits: ExtractLimits): WordStyles {
  const { styles, defaultId, defaultFont } = source === undefined ? emptySheet : parseStyles(source, limits)
  const resolved = new Map<string, WordStyle>()
  const isAllCode = isCodeFont(
    defaultId === undefined ? defaultFont : (styles.get(defaultId)?.font ?? defaultFont),
  )
  return {
    isAllCode,
    of(id) {
      const key = id !== undefined && styles.has(id) ? id : defaultId
      if (id !== undefined && key !== id && builtInHeadingId.test(id)) return builtInHeading(id)
      if (key === undefined) return plainStyle
      const known = resolved.get(key)
      if (known !== undefined) return known
      const style = resolveStyle(lineage(styles, key), isAllCode)
      resolved.set(key, style)
      return style
    },
  }
}

/** Programs that write no style sheet, or a short one, name Word's own styles by the ids that it gives them. */
function builtInHeading(id: string): WordStyle {
  return { ...plainStyle, name: id, heading: Number(builtInHeadingId.exec(id)?.[1] ?? 1) }
}

type StyleSheet = {
  readonly styles: ReadonlyMap<string, RawStyle>
  readonly defaultId?: string | undefined
  readonly defaultFont?: string | undefined
}
const emptySheet: StyleSheet = { styles: new Map() }

/** A style and those that it is based on, nearest first. */
function lineage(styles: ReadonlyMap<string, RawStyle>, id: string): RawStyle[] {
  const found: RawStyle[] = []
  let style = styles.get(id)
  while (style !== undefined && found.length < maxAncestors) {
    found.push(style)
    style = style.basedOn === undefined ? undefined : styles.get(style.basedOn)
  }
  return found
}

function resolveStyle(styles: readonly RawStyle[], isAllCode: boolean): WordStyle {
  const name = styles[0]?.name ?? ''
  const first = <Key extends keyof RawStyle>(key: Key) =>
    styles.find((style) => style[key] !== undefined)?.[key]
  const id = first('numberingId')
  const level = first('numberingLevel')
  const heading = headingLevel(styles, first('outlineLevel'))
  return {
    name,
    ...(heading === undefined ? {} : { heading }),
    ...(id === undefined && level === undefined
      ? {}
      : { numbering: { ...(id === undefined ? {} : { id }), ...(level === undefined ? {} : { level }) } }),
    isCode:
      styles.some((style) => codeStyleName.test(style.name)) || (!isAllCode && isCodeFont(first('font'))),
    isContentsEntry: /^(?:toc \d|table of figures)/i.test(name),
    isHidden: first('isHidden') === true,
  }
}

/** The outline level counts first, as styles may be named as one likes; 9 stands for body text. */
function headingLevel(styles: readonly RawStyle[], outlineLevel: number | undefined): number | undefined {
  if (outlineLevel !== undefined) return outlineLevel <= 8 ? outlineLevel + 1 : undefined
  for (const { name } of styles) {
    const level = /^heading ([1-9])$/i.exec(name)?.[1]
    if (level !== undefined) return Number(level)
    if (/^title$/i.test(name)) return 1
  }
  return undefined
}

function parseStyles(source: string, limits: ExtractLimits): StyleSheet {
  const styles = new Map<string, RawStyle>()
  let defaultId: string | undefined
  let defaultFont: string | undefined
  let style: RawStyle | undefined
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        const value = attributes['w:val']
        if (name === 'w:style') {
          const id = attributes['w:styleId']
          style = id === undefined ? undefined : { id, name: id }
          if (style !== undefined && attributes['w:type'] === 'paragraph' && isOn(attributes['w:default']))
            defaultId = id
        } else if (style === undefined) {
          // Defaults of the document come before its styles.
          if (name === 'w:rFonts') defaultFont ??= attributes['w:ascii']
        } else noteStyleProperty(style, name, value, attributes['w:ascii'])
        // Conditional formats of tables hold properties too.
        return name !== 'w:tblStylePr'
      },
      close(name) {
        if (name !== 'w:style' || style === undefined) return
        styles.set(style.id, style)
        style = undefined
      },
    },
    limits,
  )
  return { styles, defaultId, defaultFont }
}

function noteStyleProperty(
  style: RawStyle,
  name: string,
  value: string | undefined,
  font: string | undefined,
): void {
  if (name === 'w:rFonts' && font !== undefined) style.font = font
  else if (name === 'w:vanish') style.isHidden = value === undefined || isOn(value)
  else if (value === undefined) return
  else if (name === 'w:name') style.name = value
  else if (name === 'w:basedOn') style.basedOn = value
  else if (name === 'w:outlineLvl') style.outlineLevel = Number(value)
  else if (name === 'w:numId') style.numberingId = value
  else if (name === 'w:ilvl') style.numberingLevel = Number(value)
}
