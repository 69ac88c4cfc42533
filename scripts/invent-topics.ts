import { createRandom } from './bench-data.js'
import { createWordSource } from './bench-words.js'

/** Texts, and the number of what each belongs to. */
export type Mixture = {
  readonly name: string
  readonly texts: readonly string[]
  readonly truth: readonly number[]
}

/** Texts of which so many words of a hundred are of their own topic, with topics of equal or halving sizes. */
export function inventTopics(
  topics: number,
  ownShare: number,
  size: number,
  isEven: boolean,
  seed: number,
): Mixture {
  const next = createRandom(seed)
  const common = createWordSource(seed)
  const texts: string[] = []
  const truth: number[] = []
  for (let i = 0; i < size; i++) {
    const topic = isEven ? i % topics : Math.min(topics - 1, Math.clz32(next()))
    const length = 40 + (next() % 80)
    const words = common(length).text.split(' ')
    // Rarer words of a topic occur less often, as in natural language.
    const own = () => spell(topic, Math.floor(200 ** (next() / 2 ** 32)))
    texts.push(words.map((word) => (next() % 100 < ownShare ? own() : word)).join(' '))
    truth.push(topic)
  }
  const name = `${topics} invented topics, ${ownShare} % own words, ${isEven ? 'even' : 'halving'} sizes`
  return { name, texts, truth }
}

/** A word of letters that no other topic has. */
function spell(topic: number, number: number): string {
  const digits = String(topic * 1000 + number)
  return `zq${digits.replace(/\d/g, (digit) => 'bcdfghjklm'[Number(digit)] ?? '')}`
}
