import { formatNumber } from './list-numbers.js'
import type { OdfListLevel, OdfStyles } from './odf-styles.js'

type OpenList = {
  readonly style: string
  readonly level: number
  /** Of the open item: the number it says that it has, and whether it was counted. */
  start?: number | undefined
  isCounted: boolean
}

const bullet = '-'

/** Counts the items of the lists of an OpenDocument text. */
export class OdfLists {
  readonly #styles: OdfStyles
  readonly #open: OpenList[] = []
  /** The last numbers at each level, by the list's style. */
  readonly #numbers = new Map<string, readonly number[]>()

  constructor(styles: OdfStyles) {
    this.#styles = styles
  }

  /** A list within a list has its style where it names none of its own. */
  open(styleName: string | undefined, continues: boolean): void {
    const outer = this.#open.at(-1)
    const style = styleName ?? outer?.style ?? ''
    if (outer === undefined && !continues) this.#numbers.delete(style)
    this.#open.push({ style, level: this.#open.length + 1, isCounted: true })
  }

  close(): void {
    this.#open.pop()
  }

  openItem(startValue: string | undefined): void {
    const list = this.#open.at(-1)
    if (list === undefined) return
    list.start = startValue === undefined ? undefined : Number(startValue) || 0
    list.isCounted = false
  }

  /**
   * The place of a paragraph with words in the open list; undefined when none is open. Only the first paragraph of an item is
   * counted: an item that holds nothing but a list of its own, as headings of lower levels are written, is not.
   */
  next(): { readonly level: number; readonly label: string } | undefined {
    const list = this.#open.at(-1)
    if (list === undefined) return undefined
    const { style, level, start, isCounted } = list
    if (isCounted) return { level: level - 1, label: '' }
    list.isCounted = true
    const levels = this.#styles.list(style)
    const numbers = this.#numbers.get(style) ?? []
    const first = levels.get(level)?.start ?? 1
    const upper = Array.from({ length: level - 1 }, (_, i) => numbers[i] ?? levels.get(i + 1)?.start ?? 1)
    const counted = [...upper, start ?? (numbers[level - 1] ?? first - 1) + 1]
    this.#numbers.set(style, counted)
    return { level: level - 1, label: labelOf(levels, level, counted) }
  }
}

function labelOf(levels: ReadonlyMap<number, OdfListLevel>, at: number, numbers: readonly number[]): string {
  const level = levels.get(at)
  if (level === undefined || level.format === 'bullet') return bullet
  const shown = numbers
    .slice(Math.max(0, at - level.shown), at)
    .map((number, i, all) => {
      const format = levels.get(at - all.length + i + 1)?.format ?? 'decimal'
      return formatNumber(number, format === 'bullet' ? 'decimal' : format)
    })
    .filter((text) => text !== '')
  return shown.length === 0 ? '' : `${level.prefix}${shown.join('.')}${level.suffix}`.trim()
}
