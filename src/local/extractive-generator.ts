import type { Generator } from '../answer/generator.js'
import { throwIfAborted } from '../errors.js'
import { createLexicon } from '../text/lexicon.js'

export const extractiveModelId = 'local-extractive-v2'

/** Answers without a model, by what `quoteAnswer` quotes. Its rules are loaded with the first answer. */
export function createExtractiveGenerator(): Generator {
  const lexicon = createLexicon()
  return {
    modelId: extractiveModelId,
    maxInputTokens: 1_000_000,
    maxOutputTokens: 1_000_000,
    extractive: true,
    seesImages: false,
    async *generate(request, { signal }) {
      throwIfAborted(signal)
      const { quoteAnswer } = await import('./quote-answer.js')
      yield { type: 'text', text: quoteAnswer(request, lexicon), candidate: 0 }
      throwIfAborted(signal)
      yield { type: 'finish', kind: 'stop', reason: 'STOP' }
    },
  }
}
