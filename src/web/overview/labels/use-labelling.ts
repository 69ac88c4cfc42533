import { useState } from 'preact/hooks'
import type { Classification, ClassifyBody } from '../../../api/client.js'
import { runKey } from '../use-run.js'
import { type Survey, useSurvey } from '../use-survey.js'

type Sent = Classification['sent']

/** Labels, or what they would cost where somebody must be asked first. */
export type Labelling = { readonly report: Classification } | { readonly forecast: Sent }

/** The name of these surveys. */
export const LABELLING = 'labels'
/** Above this price somebody is asked first, as at the command line. */
const ASK_ABOVE_USD = 1

/** Has labels given, once the price is small or agreed to. */
export function useLabelling(body: ClassifyBody): Survey<Labelling> & { agree(): void } {
  const [isAgreed, setAgreed] = useState(false)
  const survey = useSurvey(runKey(LABELLING, body), async (client, options): Promise<Labelling> => {
    if (!isAgreed) {
      const { onProgress: _, ...call } = options
      const { sent } = await client.classify({ ...body, dryRun: true }, call)
      if (sent.priceUsd > ASK_ABOVE_USD) return { forecast: sent }
    }
    return { report: await client.classify(body, options) }
  })
  return {
    ...survey,
    agree() {
      setAgreed(true)
      survey.reload()
    },
  }
}
