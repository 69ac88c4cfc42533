import { type BatchLimits, countFitting, type InputSize, MAX_BATCH_BYTES, MAX_BATCH_TOKENS } from './batch.js'

/** Texts that wait to be sent, in order of arrival, with what they take up in a request. */
export class PendingTexts<Text extends { readonly size: InputSize }> {
  private readonly texts: Text[] = []
  private tokens = 0
  private bytes = 0

  get first(): Text | undefined {
    return this.texts[0]
  }

  add(text: Text): void {
    this.texts.push(text)
    this.count(text, 1)
  }

  /** Whether there are as many as a request may hold. */
  fill({ maxCount, maxTokens = MAX_BATCH_TOKENS, maxBytes = MAX_BATCH_BYTES }: BatchLimits): boolean {
    return this.texts.length >= maxCount || this.tokens >= maxTokens || this.bytes >= maxBytes
  }

  /** Takes as many from the front as a request may hold. */
  takeBatch(limits: BatchLimits): Text[] {
    const sizes = this.texts.slice(0, limits.maxCount).map(({ size }) => size)
    return this.take(countFitting(sizes, limits))
  }

  takeAll(): Text[] {
    return this.take(this.texts.length)
  }

  private take(count: number): Text[] {
    const taken = this.texts.splice(0, count)
    for (const text of taken) this.count(text, -1)
    return taken
  }

  private count({ size }: Text, sign: 1 | -1): void {
    this.tokens += sign * size.tokens
    this.bytes += sign * size.bytes
  }
}
