import type { ExtractLimits } from '../extractor.js'
import type { FlowItem } from '../flow/flow.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { MathmlText } from './mathml-text.js'
import type { OdfPackage } from './odf-package.js'
import { readOdfStyles } from './odf-styles.js'
import { type OdfObject, OdfReader } from './odf-text.js'

/** Equations and charts within an OpenDocument file, by the name that frames refer to. */
export async function readOdfObjects(
  file: OdfPackage,
  limits: ExtractLimits,
): Promise<ReadonlyMap<string, OdfObject>> {
  const objects = new Map<string, OdfObject>()
  for (const [name, source] of await file.readObjects()) {
    objects.set(
      name,
      /<(?:\w+:)?math[\s>]/.test(source.slice(0, 2000))
        ? readMath(source, limits)
        : readChart(source, limits),
    )
  }
  return objects
}

function readMath(source: string, limits: ExtractLimits): string {
  const equations: string[] = []
  const math = new MathmlText((text) => equations.push(text))
  readNamespacedXml(
    source,
    { open: (element) => math.open(element), close: () => math.close(), text: (text) => math.text(text) },
    limits,
  )
  return equations.join(' ').trim()
}

/** Titles and the table of numbers. */
function readChart(source: string, limits: ExtractLimits): readonly FlowItem[] {
  const items: FlowItem[] = []
  const reader = new OdfReader(readOdfStyles([source], limits), new Map(), (item) => items.push(item))
  readNamespacedXml(source, reader, limits)
  return items
}
