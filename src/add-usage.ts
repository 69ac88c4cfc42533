import type { Usage } from './types.js'

/** The sum of what several calls used; undefined when none told. The price is left out when one of them has none. */
export function addUsage(usages: readonly (Usage | undefined)[]): Usage | undefined {
  const known = usages.filter((usage) => usage !== undefined)
  if (known.length === 0) return undefined
  const sum = (value: (usage: Usage) => number) => known.reduce((total, usage) => total + value(usage), 0)
  const hasPrice = known.every(({ priceUsd }) => priceUsd !== undefined)
  return {
    promptTokens: sum((usage) => usage.promptTokens),
    answerTokens: sum((usage) => usage.answerTokens),
    thinkingTokens: sum((usage) => usage.thinkingTokens),
    totalTokens: sum((usage) => usage.totalTokens),
    ...(hasPrice ? { priceUsd: sum(({ priceUsd }) => priceUsd ?? 0) } : {}),
  }
}
