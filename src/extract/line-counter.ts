/** Tells the lines (from 1) of offsets that come in ascending order. */
export class LineCounter {
  readonly #source: string
  #at = 0
  #line = 1

  constructor(source: string) {
    this.#source = source
  }

  lineOf(offset: number): number {
    for (;;) {
      const newline = this.#source.indexOf('\n', this.#at)
      if (newline < 0 || newline >= offset) return this.#line
      this.#at = newline + 1
      this.#line++
    }
  }
}
