import type { TopicsReport } from '../engine.js'
import { GemdexError } from '../errors.js'
import { confirm } from './confirm.js'
import type { Context } from './context.js'
import { count } from './style.js'

type Forecast = TopicsReport['sent']

/** Above this price somebody is asked first. */
const ASK_ABOVE_USD = 1

export function describeForecast({ texts, tokens, priceUsd }: Forecast): string {
  return `${count(texts, 'text')} with about ${count(tokens, 'token')}, $${priceUsd.toFixed(4)}`
}

/** Whether so much may be sent: asks on a terminal when it is dear, and throws BAD_INPUT where nobody can be asked. */
export async function mayEmbed({ io }: Context, forecast: Forecast): Promise<boolean> {
  if (forecast.priceUsd <= ASK_ABOVE_USD) return true
  const what = describeForecast(forecast)
  if (io.isInteractive) return confirm(io, `This sends ${what}. Go on?`)
  throw new GemdexError('BAD_INPUT', `This would send ${what}`, { hint: 'Add --yes to do it.', field: 'yes' })
}
