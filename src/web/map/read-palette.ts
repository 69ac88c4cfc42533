import { SLOTS } from './colour-points.js'
import type { Palette } from './draw-map.js'

/** The colours of the style sheet as they are now, light or dark. */
export function readPalette(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string) => style.getPropertyValue(name).trim()
  return {
    slots: Array.from({ length: SLOTS }, (_, slot) => colour(`--slot-${slot}`)),
    lit: colour('--text'),
    text: colour('--text'),
  }
}
