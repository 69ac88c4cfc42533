import type { ExtractLimits } from '../extractor.js'
import { isCodeFont } from '../flow/code-font.js'
import type { XmlElement } from '../xml.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import type { NumberFormat } from './list-numbers.js'

/** What a style of an OpenDocument file says of what is in it. */
export type OdfStyle = {
  /** As authors see it. */
  readonly name: string
  readonly isCode: boolean
  /** Text, slides and sheets that are not shown. */
  readonly isHidden: boolean
  /** The list that its paragraphs are items of. */
  readonly list?: string
}

export type OdfListLevel = {
  readonly format: NumberFormat | 'bullet'
  readonly prefix: string
  readonly suffix: string
  readonly start: number
  /** How many levels' numbers are shown: 2 for `1.2`. */
  readonly shown: number
}

export interface OdfStyles {
  of(name: string | undefined): OdfStyle
  /** The levels of a list, from 1; empty for a list of that name that is not known. */
  list(name: string | undefined): ReadonlyMap<number, OdfListLevel>
}

type RawStyle = {
  readonly name: string
  readonly parent?: string
  readonly list?: string
  font?: string
  isHidden: boolean
}

const maxAncestors = 20
const codeName = /^(?:preformatted text|source (?:code|text)|code|listing|html preformatted)$/i

/** Reads the styles of both parts; those of the content count where a name is in both. */
export function readOdfStyles(sources: readonly (string | undefined)[], limits: ExtractLimits): OdfStyles {
  const styles = new Map<string, RawStyle>()
  const lists = new Map<string, Map<number, OdfListLevel>>()
  for (const source of sources) if (source !== undefined) readStyles(source, styles, lists, limits)

  return {
    of(name) {
      const lineage: RawStyle[] = []
      for (let at = name; at !== undefined && lineage.length < maxAncestors; at = lineage.at(-1)?.parent) {
        const style = styles.get(at)
        if (style === undefined) break
        lineage.push(style)
      }
      // Formats of a single paragraph have a style of their own without a name; the one above says what it is.
      const names = [
        ...lineage.map((style) => style.name),
        unescapeName(lineage.at(-1)?.parent ?? name ?? ''),
      ]
      const list = lineage.find((style) => style.list !== undefined)?.list
      return {
        name: names.find((each) => !/^(?:P|T|dp|ta)\d+$/.test(each)) ?? '',
        isCode:
          names.some((each) => codeName.test(each)) ||
          isCodeFont(lineage.find(({ font }) => font !== undefined)?.font),
        isHidden: lineage.some(({ isHidden }) => isHidden),
        ...(list === undefined ? {} : { list }),
      }
    },
    list: (name) => lists.get(name ?? '') ?? new Map(),
  }
}

function readStyles(
  source: string,
  styles: Map<string, RawStyle>,
  lists: Map<string, Map<number, OdfListLevel>>,
  limits: ExtractLimits,
): void {
  let style: RawStyle | undefined
  let levels: Map<number, OdfListLevel> | undefined
  readNamespacedXml(
    source,
    {
      open(element) {
        const { name, attributes } = element
        if (name === 'office:body') return false
        if (name === 'style:style') {
          const id = attributes['style:name'] ?? ''
          const parent = attributes['style:parent-style-name']
          const list = attributes['style:list-style-name']
          style = {
            name: attributes['style:display-name'] ?? unescapeName(id),
            ...(parent === undefined ? {} : { parent }),
            ...(list === undefined ? {} : { list }),
            isHidden: false,
          }
          styles.set(id, style)
        } else if (name === 'text:list-style') {
          levels = new Map()
          lists.set(attributes['style:name'] ?? '', levels)
        } else if (/^text:list-level-style-/.test(name))
          levels?.set(Number(attributes['text:level']), readLevel(element))
        else if (style !== undefined) noteProperties(style, attributes)
        return undefined
      },
      close(name) {
        if (name === 'style:style') style = undefined
        else if (name === 'text:list-style') levels = undefined
      },
    },
    limits,
  )
}

function noteProperties(style: RawStyle, attributes: XmlElement['attributes']): void {
  const font = attributes['style:font-name'] ?? attributes['fo:font-family']
  if (font !== undefined) style.font = font.replace(/^['"]/, '')
  style.isHidden ||=
    attributes['text:display'] === 'none' ||
    attributes['presentation:visibility'] === 'hidden' ||
    attributes['table:display'] === 'false'
}

function readLevel({ name, attributes }: XmlElement): OdfListLevel {
  return {
    format: name.endsWith('-number') ? formatOf(attributes['style:num-format']) : 'bullet',
    prefix: attributes['style:num-prefix'] ?? '',
    suffix: attributes['style:num-suffix'] ?? '',
    start: Number(attributes['text:start-value'] ?? 1) || 1,
    shown: Number(attributes['text:display-levels'] ?? 1) || 1,
  }
}

const formats: ReadonlyMap<string, NumberFormat> = new Map([
  ['', 'none'],
  ['1', 'decimal'],
  ['a', 'lowerLetter'],
  ['A', 'upperLetter'],
  ['i', 'lowerRoman'],
  ['I', 'upperRoman'],
])

function formatOf(written: string | undefined): NumberFormat {
  return formats.get(written ?? '') ?? 'decimal'
}

/** `Source_20_Code` is "Source Code". */
function unescapeName(name: string): string {
  return name.replace(/_([0-9a-f]{2})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
