import type { ExtractLimits } from '../extractor.js'
import { type FlowItem, paragraphOf, tableOf, tidyText } from '../flow/flow.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import type { OfficePackage } from './office-package.js'

/** More categories are measured points, not labels. */
const maxChartRows = 200

/** The charts and diagrams that a part refers to, as paragraphs and tables, by the id of the relationship. */
export async function readDrawings(
  file: OfficePackage,
  part: string,
  limits: ExtractLimits,
): Promise<ReadonlyMap<string, readonly FlowItem[]>> {
  const found = new Map<string, readonly FlowItem[]>()
  for (const { id, text } of await file.readRelated(part, 'chart')) found.set(id, readChart(text, limits))
  for (const { id, text } of await file.readRelated(part, 'diagramData'))
    found.set(id, readDiagram(text, limits))
  return found
}

type Series = { name: string; readonly categories: Map<number, string>; readonly values: Map<number, string> }

/** A chart's titles as a paragraph and its numbers as a table: a column for each series. */
export function readChart(source: string, limits: ExtractLimits): readonly FlowItem[] {
  const titles: string[] = []
  const series: Series[] = []
  let title: string[] | undefined
  /** What numbers and words belong to: the series' name, its categories or its values. */
  let role = ''
  let point = 0
  let isText = false
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        if (name === 'c:title') title = []
        else if (name === 'c:ser') series.push({ name: '', categories: new Map(), values: new Map() })
        else if (/^c:(?:tx|cat|val|xVal|yVal)$/.test(name)) role = name
        else if (name === 'c:pt') point = Number(attributes.idx) || 0
        isText = name === 'c:v' || name === 'a:t'
        return name !== 'c:f' && name !== 'c:bubbleSize'
      },
      close(name) {
        isText = false
        if (name === 'c:title' && title !== undefined) {
          titles.push(tidyText(title.join('')))
          title = undefined
        } else if (name === role) role = ''
      },
      text(text) {
        const current = series.at(-1)
        if (!isText) return
        if (title !== undefined) title.push(text)
        else if (current === undefined) return
        else if (role === 'c:tx') current.name += text
        else if (role === 'c:cat' || role === 'c:xVal') append(current.categories, point, text)
        else if (role === 'c:val' || role === 'c:yVal') append(current.values, point, text)
      },
    },
    limits,
  )
  const heading = titles.filter((text) => text !== '').join(' · ')
  return [
    ...(heading === '' ? [] : [paragraphOf(`Chart: ${heading}`)]),
    ...(series.length === 0 ? [] : [tableOf(chartRows(series))]),
  ]
}

function append(map: Map<number, string>, key: number, text: string): void {
  map.set(key, (map.get(key) ?? '') + text)
}

function chartRows(series: readonly Series[]): string[][] {
  const categories = series.find((one) => one.categories.size > 0)?.categories ?? new Map<number, string>()
  const points = new Set([...categories.keys(), ...series.flatMap(({ values }) => [...values.keys()])])
  const header = ['', ...series.map(({ name }) => name)]
  const rows = [...points]
    .toSorted((a, b) => a - b)
    .slice(0, maxChartRows)
    .map((at) => [
      categories.get(at) ?? String(at + 1),
      ...series.map(({ values }) => shown(values.get(at) ?? '')),
    ])
  return header.some((name) => name !== '') ? [header, ...rows] : rows
}

/** Binary fractions are stored with all their digits: 0.30000000000000004. */
function shown(value: string): string {
  const number = Number(value)
  return value === '' || !Number.isFinite(number) ? value : String(Number(number.toPrecision(10)))
}

/** The texts of a SmartArt diagram, each a paragraph. */
export function readDiagram(source: string, limits: ExtractLimits): readonly FlowItem[] {
  const items: FlowItem[] = []
  let paragraph: string[] = []
  let isText = false
  readNamespacedXml(
    source,
    {
      open({ name }) {
        isText = name === 'a:t'
        return undefined
      },
      close(name) {
        isText = false
        if (name !== 'a:p') return
        items.push(paragraphOf(paragraph.join(''), { list: { level: 0, label: '-' } }))
        paragraph = []
      },
      text(text) {
        if (isText) paragraph.push(text)
      },
    },
    limits,
  )
  return items
}
