import { useLayoutEffect, useState } from 'preact/hooks'
import { usePage } from '../state/page-context.js'
import { SLOTS } from './colour-points.js'
import type { Palette } from './draw-map.js'

/** The colours of the style sheet within an element, once it is there; others when the theme changes, by choice or by the system's. */
export function usePalette(element: { readonly current: Element | null }): Palette | undefined {
  const theme = usePage().theme.theme.value
  const [palette, setPalette] = useState<Palette>()
  useLayoutEffect(() => {
    const read = () => {
      if (element.current !== null) setPalette(readPalette(element.current))
    }
    read()
    const scheme = matchMedia('(prefers-color-scheme: dark)')
    scheme.addEventListener('change', read)
    return () => scheme.removeEventListener('change', read)
  }, [theme])
  return palette
}

/** A canvas knows no variables, and these hold both themes: what they come to is seen on an element that is coloured so. */
function readPalette(element: Element): Palette {
  const probe = document.createElement('span')
  element.append(probe)
  const colour = (name: string) => {
    probe.style.color = `var(${name})`
    return getComputedStyle(probe).color
  }
  const palette = {
    slots: Array.from({ length: SLOTS }, (_, slot) => colour(`--slot-${slot}`)),
    text: colour('--text'),
  }
  probe.remove()
  return palette
}
