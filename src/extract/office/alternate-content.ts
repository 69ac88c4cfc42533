/**
 * Takes one of several forms of the same content (`mc:AlternateContent`, ECMA-376 part 3): the first choice, which holds all
 * words, and not the fallback for older programs.
 */
export class AlternateContent {
  /** For each open one whether a form was taken. */
  readonly #taken: boolean[] = []

  /** Whether the element is a form that is to be passed over. */
  open(name: string): boolean {
    if (name === 'mc:AlternateContent') this.#taken.push(false)
    if (name !== 'mc:Choice' && name !== 'mc:Fallback') return false
    const wasTaken = this.#taken.pop() ?? false
    this.#taken.push(true)
    return wasTaken
  }

  close(name: string): void {
    if (name === 'mc:AlternateContent') this.#taken.pop()
  }
}
