import type { AskEvent, Citation } from '../../api/client.js'
import { type Exchange, ofAnswer } from './exchange.js'

/** Text comes by the word: drawing it at each would cost more than writing it. */
const DRAW_EVERY_MS = 40

/**
 * Takes an answer as it comes: `change` is told what to show, at most every 40 ms while it is written. What had come stays when
 * it breaks off; nothing is told any more once `isLeft`.
 */
export async function followAnswer(
  events: AsyncIterable<AskEvent>,
  change: (change: Partial<Exchange>) => void,
  isLeft: () => boolean,
): Promise<void> {
  const citations: Citation[] = []
  let text = ''
  let due: ReturnType<typeof setTimeout> | undefined
  const draw = () => {
    due = undefined
    change({ text })
  }
  try {
    for await (const event of events) {
      switch (event.type) {
        case 'sources':
          change({
            phase: 'writing',
            sources: event.sources,
            standaloneQuestion: event.standaloneQuestion,
          })
          break
        case 'delta':
          text += event.text
          due ??= setTimeout(draw, DRAW_EVERY_MS)
          break
        case 'citation':
          citations.push(event.citation)
          change({ citations: [...citations] })
          break
        case 'done':
          clearTimeout(due)
          due = undefined
          change(ofAnswer(event.answer))
      }
    }
  } finally {
    clearTimeout(due)
    if (due !== undefined && !isLeft()) draw()
  }
}
