/** How a question failed: `refused` by an answer, or a search that found `nothing`. */
export type GapOutcome = 'refused' | 'nothing'

/** A question that the documents did not answer. */
export type Gap = {
  /** As `normaliseQuestion` leaves it. */
  readonly question: string
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string
  readonly outcome: GapOutcome
}

/** Seam: keeps questions that failed, and nothing of who asked. Methods throw GemdexError with a STORE_ code. */
export interface GapStore {
  /**
   * Counts a question of a day; upper and lower case of ASCII letters are the same. Of searches of one day that continue one
   * another, as while somebody types, the longest is kept. Drops those that were asked the longest ago above `keep`. Waits a moment only for
   * others that write: then STORE_BUSY.
   */
  addGap(gap: Gap, keep: number): Promise<void>
  /** The newest day first. */
  listGaps(): Promise<readonly (Gap & { readonly asked: number })[]>
  /** The number of different questions. */
  countGaps(): Promise<number>
  /** Removes a question of all days, or all of them; gives the number of different questions removed. */
  removeGaps(question?: string): Promise<number>
}
