import type { Database } from 'better-sqlite3'
import type { ModelUsage } from '../store.js'

export type UsageTables = ReturnType<typeof createUsageTables>

/** What was sent to each model on each day. */
export function createUsageTables(database: Database) {
  const add = database.prepare<ModelUsage>(
    `INSERT INTO usage (model, day, requests, texts, tokens, price_usd)
     VALUES ($model, $day, $requests, $texts, $tokens, $priceUsd)
     ON CONFLICT DO UPDATE SET requests = requests + excluded.requests, texts = texts + excluded.texts,
       tokens = tokens + excluded.tokens, price_usd = price_usd + excluded.price_usd`,
  )
  const all = database.prepare<[], ModelUsage>(
    'SELECT model, day, requests, texts, tokens, price_usd AS priceUsd FROM usage ORDER BY model, day',
  )

  return {
    add(usage: ModelUsage): void {
      add.run(usage)
    },
    all(): ModelUsage[] {
      return all.all()
    },
  }
}
