import { keepKnownMarkers } from '../answer/markers.js'
import type { CallGuard } from '../embed/call-guarded.js'
import { embedTexts } from '../embed/embed-texts.js'
import type { Embedder } from '../embed/embedder.js'
import type { Session, Turn } from '../types.js'
import type { SessionStore } from './session-store.js'

/** What embeds turns as the index's passages are embedded, within the limits that all calls share. */
export type TurnWriter = { readonly embedder: Embedder; readonly guard?: CallGuard }

export type EmbeddedTurns = {
  readonly model: string
  readonly dimensions: number
  /** One unit-length vector per turn that did not fail. */
  readonly turns: readonly { readonly ordinal: number; readonly vector: Float32Array }[]
}

/** Embeds question and answer of each turn in the role of a document titled as the conversation, and keeps the vectors. */
export async function embedTurns(
  session: Session,
  store: SessionStore,
  { embedder, guard }: TurnWriter,
  signal: AbortSignal | undefined,
): Promise<EmbeddedTurns> {
  await store.requireWritable()
  const turns = session.turns.filter(({ status }) => status !== 'failed')
  const vectors = await embedTexts(
    embedder,
    turns.map((turn) => ({ text: textOf(turn), title: session.title })),
    { role: 'document', ...guard, ...(signal === undefined ? {} : { signal }) },
  )
  const embedded = turns.flatMap(({ ordinal }, i) => {
    const vector = vectors[i]
    return vector === undefined ? [] : [{ ordinal, vector }]
  })
  await store.putTurnVectors(session.id, embedded)
  const { modelId: model, dimensions } = embedder.identity
  return { model, dimensions, turns: embedded }
}

function textOf({ standaloneQuestion, answer }: Turn): string {
  return `${standaloneQuestion}\n\n${keepKnownMarkers(answer, 0)}`.trim()
}
