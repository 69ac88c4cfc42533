import type { ExtractLimits } from '../extractor.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import type { NumberingReference } from './docx-styles.js'
import { formatNumber, type NumberFormat } from './list-numbers.js'
import { isOn } from './office-package.js'

type Level = {
  start: number
  format: NumberFormat | 'bullet'
  /** `%1.%2` stands for the numbers of levels 1 and 2. */
  text: string
  /** The paragraph style that stands for this level. */
  style?: string
  isLegal: boolean
}
type Definition = { readonly levels: Map<number, Level>; styleLink?: string; link?: string }
type List = { definition: string; readonly starts: Map<number, number> }

const maxLevels = 9
const bullet = '-'

/** Where a paragraph stands in a list. */
export type ListPlace = { readonly level: number; readonly label: string }

/** Counts the items of the lists of a Word document. */
export interface WordNumbering {
  /** The place of the next paragraph with this numbering; undefined when there is no such list. Counts it. */
  next(reference: NumberingReference, styleId: string | undefined): ListPlace | undefined
}

export function readWordNumbering(source: string | undefined, limits: ExtractLimits): WordNumbering {
  const { definitions, lists } = source === undefined ? emptyNumbering() : parseNumbering(source, limits)
  const counters = new Map<string, number[]>()
  const started = new Set<string>()
  const linked = new Map([...definitions].map(([id, { styleLink }]) => [styleLink, id]))

  /** A list may stand for the one that a style defines. */
  function definitionOf(list: List): readonly [id: string, definition: Definition | undefined] {
    const definition = definitions.get(list.definition)
    const target = definition?.link === undefined ? undefined : linked.get(definition.link)
    return target === undefined ? [list.definition, definition] : [target, definitions.get(target)]
  }

  return {
    next({ id, level: given }, styleId) {
      const list = id === undefined || id === '0' ? undefined : lists.get(id)
      if (list === undefined || id === undefined) return undefined
      const [definitionId, definition] = definitionOf(list)
      const levels = definition?.levels ?? new Map<number, Level>()
      const byStyle = [...levels].find(([, { style }]) => style !== undefined && style === styleId)?.[0]
      const level = Math.min(maxLevels - 1, Math.max(0, given ?? byStyle ?? 0))
      const numbers = counters.get(definitionId) ?? []
      const restart = list.starts.get(level)
      const isRestart = restart !== undefined && !started.has(`${id}/${level}`)
      if (isRestart) started.add(`${id}/${level}`)
      const before = isRestart ? restart - 1 : (numbers[level] ?? (levels.get(level)?.start ?? 1) - 1)
      const upper = Array.from({ length: level }, (_, i) => numbers[i] ?? levels.get(i)?.start ?? 1)
      const counted = [...upper, before + 1]
      counters.set(definitionId, counted)
      return { level, label: labelOf(levels, level, counted) }
    },
  }
}

function labelOf(levels: ReadonlyMap<number, Level>, at: number, numbers: readonly number[]): string {
  const level = levels.get(at)
  if (level === undefined || level.format === 'bullet') return bullet
  const label = level.text.replace(/%([1-9])/g, (_, digit: string) => {
    const index = Number(digit) - 1
    const format = levels.get(index)?.format ?? 'decimal'
    const written = level.isLegal || format === 'bullet' ? 'decimal' : format
    return formatNumber(numbers[index] ?? 1, written)
  })
  return label.trim()
}

function emptyNumbering() {
  return { definitions: new Map<string, Definition>(), lists: new Map<string, List>() }
}

function parseNumbering(source: string, limits: ExtractLimits): ReturnType<typeof emptyNumbering> {
  const found = emptyNumbering()
  let definition: Definition | undefined
  let list: List | undefined
  let level: Level | undefined
  let overridden = 0
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        const value = attributes['w:val'] ?? ''
        if (name === 'w:abstractNum') {
          definition = { levels: new Map() }
          found.definitions.set(attributes['w:abstractNumId'] ?? '', definition)
        } else if (name === 'w:num') {
          list = { definition: '', starts: new Map() }
          found.lists.set(attributes['w:numId'] ?? '', list)
        } else if (name === 'w:lvl') {
          level = { start: 1, format: 'decimal', text: '', isLegal: false }
          // A level that a list changes for itself: its start counts, its looks hardly ever differ.
          definition?.levels.set(Number(attributes['w:ilvl']), level)
        } else if (name === 'w:lvlOverride') overridden = Number(attributes['w:ilvl'])
        else if (name === 'w:startOverride') list?.starts.set(overridden, Number(value) || 0)
        else if (name === 'w:abstractNumId' && list !== undefined) list.definition = value
        else if (name === 'w:styleLink' && definition !== undefined) definition.styleLink = value
        else if (name === 'w:numStyleLink' && definition !== undefined) definition.link = value
        else if (level !== undefined) noteLevelProperty(level, name, attributes['w:val'])
        return undefined
      },
      close(name) {
        if (name === 'w:lvl') level = undefined
        else if (name === 'w:abstractNum') definition = undefined
        else if (name === 'w:num') list = undefined
      },
    },
    limits,
  )
  return found
}

function noteLevelProperty(level: Level, name: string, value: string | undefined): void {
  if (name === 'w:start') level.start = Number(value) || 0
  else if (name === 'w:numFmt') level.format = formatOf(value)
  else if (name === 'w:lvlText') level.text = value ?? ''
  else if (name === 'w:pStyle' && value !== undefined) level.style = value
  else if (name === 'w:isLgl') level.isLegal = value === undefined || isOn(value)
}

function formatOf(value: string | undefined): Level['format'] {
  switch (value) {
    case 'bullet':
    case 'none':
    case 'upperRoman':
    case 'lowerRoman':
    case 'upperLetter':
    case 'lowerLetter':
      return value
    default:
      return 'decimal'
  }
}
