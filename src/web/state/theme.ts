import { type ReadonlySignal, signal } from '@preact/signals'

export type Theme = 'system' | 'light' | 'dark'

const KEY = 'gemdex-theme'
const ORDER: readonly Theme[] = ['system', 'light', 'dark']

export type ThemeChoice = { readonly theme: ReadonlySignal<Theme>; next(): void }

/** Light or dark, as the system has it unless somebody chose; the choice is kept in the browser. */
export function createThemeChoice(root: HTMLElement, storage: Storage): ThemeChoice {
  const stored = ORDER.find((theme) => theme === storage.getItem(KEY)) ?? 'system'
  const theme = signal(stored)
  const show = () => {
    if (theme.value === 'system') delete root.dataset.theme
    else root.dataset.theme = theme.value
  }
  show()
  return {
    theme,
    next() {
      theme.value = ORDER[(ORDER.indexOf(theme.value) + 1) % ORDER.length] ?? 'system'
      storage.setItem(KEY, theme.value)
      show()
    },
  }
}
