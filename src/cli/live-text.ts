import type { Output } from './io.js'
import { createMarkdownRenderer } from './markdown/render-markdown.js'
import type { Style } from './style.js'

/** An answer on a terminal while it comes. */
export type LiveText = {
  /** As it came. */
  readonly text: string
  readonly hasText: boolean
  push(piece: string): void
  /** Ends its last line; may be called again. */
  end(): void
}

export function createLiveText(out: Output, columns: number, style: Style): LiveText {
  const renderer = createMarkdownRenderer(columns, style)
  let text = ''
  let hasEnded = false
  const write = (rendered: string) => {
    if (rendered !== '') out.write(rendered)
  }
  return {
    get text() {
      return text
    },
    get hasText() {
      return text.trim() !== ''
    },
    push(piece) {
      text += piece
      write(renderer.push(piece))
    },
    end() {
      if (!hasEnded) write(renderer.end())
      hasEnded = true
    },
  }
}
