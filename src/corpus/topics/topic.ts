/** A passage that stands for a topic, or for none. */
export type TopicPassage = {
  readonly id: string
  readonly documentId: string
  readonly title: string
  readonly uri: string
  readonly collection: string
  /** Its beginning, at most 200 characters. */
  readonly snippet: string
}

export type Topic = {
  /** By the model that answers, else its first terms. */
  readonly title: string
  /** What sets it apart from the others, best first. */
  readonly terms: readonly string[]
  /** Number of documents. */
  readonly size: number
  /** Earliest and latest time of its documents, milliseconds since 1970. */
  readonly fromMs: number
  readonly toMs: number
  /** Of the documents nearest to its centre. */
  readonly central: readonly TopicPassage[]
  /** Ids of its documents, where they are asked for. */
  readonly members?: readonly string[]
  /** What it divides into; none of a small one. */
  readonly subtopics: readonly Omit<Topic, 'members' | 'subtopics'>[]
}
