import type { CallGuard } from '../embed/call-guarded.js'
import type { Embedder } from '../embed/embedder.js'
import { paceEmbedder } from '../embed/pace-embedder.js'
import type { EmbedRequest, EmbedResult, ModelsInUse } from '../engine.js'
import { GemdexError } from '../errors.js'
import type { QueryEmbedder } from '../search/open-lists.js'
import type { IndexIdentity } from '../store/store.js'
import type { EngineDependencies } from './engine-dependencies.js'

/** What embeds, with the limits that all calls to it share. */
export type GuardedEmbedder = { readonly embedder: Embedder; readonly guard?: CallGuard }

/** Who embeds for the index, by what it was made with. */
export type Embedders = {
  /** What embeds queries, or why nothing does. */
  readonly forQueries: () => Promise<QueryEmbedder>
  /** The same for the vectors that a former model left; NOT_FOUND without such. */
  readonly forFormerModel: (modelId: string) => Promise<QueryEmbedder>
  /** What embeds for writing; throws KEY_MISSING or INDEX_MISMATCH with what to do. */
  readonly forWriting: () => Promise<GuardedEmbedder>
  /** What a migration embeds with; undefined for an index that has no embedder yet. */
  readonly forMigrating: () => Promise<GuardedEmbedder | undefined>
  readonly embed: (request: EmbedRequest) => Promise<EmbedResult>
  readonly modelsInUse: () => Promise<ModelsInUse>
}

export function createEmbedders(
  dependencies: Pick<
    EngineDependencies,
    | 'store'
    | 'queryEmbedder'
    | 'writingEmbedder'
    | 'targetEmbedder'
    | 'guardOf'
    | 'newProvider'
    | 'generatorId'
  >,
): Embedders {
  const { store } = dependencies

  async function pacedFor(identity: IndexIdentity | undefined): Promise<QueryEmbedder> {
    const embedder = dependencies.queryEmbedder(identity)
    if ('unavailable' in embedder) return embedder
    const guard = await dependencies.guardOf(embedder.identity)
    return guard === undefined ? embedder : paceEmbedder(embedder, guard)
  }

  async function guarded(embedder: Embedder): Promise<GuardedEmbedder> {
    const guard = await dependencies.guardOf(embedder.identity)
    return { embedder, ...(guard === undefined ? {} : { guard }) }
  }

  async function forWriting(): Promise<GuardedEmbedder> {
    return guarded(dependencies.writingEmbedder(await store.identity()))
  }

  return {
    forQueries: async () => pacedFor(await store.identity()),
    forWriting,

    async forFormerModel(modelId) {
      const { otherVectors } = await store.counts()
      const former = otherVectors.find(
        ({ embedder, state }) => state === 'retired' && embedder.modelId === modelId,
      )
      if (former === undefined) {
        throw new GemdexError('NOT_FOUND', `The index has no vectors of a former model ${modelId}`, {
          hint: '`gemdex status` names those there are.',
        })
      }
      const { chunker = '' } = (await store.identity()) ?? {}
      return pacedFor({ embedder: former.embedder, chunker })
    },

    async forMigrating() {
      const identity = await store.identity()
      return identity === undefined ? undefined : guarded(dependencies.targetEmbedder(identity))
    },

    async embed({ inputs, role, signal }) {
      const { embedder, guard } = await forWriting()
      const { embedTexts } = await import('../embed/embed-texts.js')
      const vectors = await embedTexts(embedder, inputs, {
        role,
        ...guard,
        ...(signal === undefined ? {} : { signal }),
      })
      return { model: embedder.identity.modelId, dimensions: embedder.identity.dimensions, vectors }
    },

    async modelsInUse() {
      const identity = await store.identity()
      const embedder = dependencies.queryEmbedder(identity)
      return {
        embedder: identity?.embedder ?? null,
        provider: identity?.embedder.provider ?? dependencies.newProvider,
        ...('unavailable' in embedder ? { degraded: embedder.unavailable } : {}),
        generator: dependencies.generatorId,
      }
    },
  }
}
