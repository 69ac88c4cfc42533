import type { Database } from 'better-sqlite3'
import type { EmbedderIdentity } from '../../embed/embedder.js'
import { GemdexError } from '../../errors.js'

export type VectorSet = {
  readonly id: number
  readonly provider: EmbedderIdentity['provider']
  readonly model: string
  readonly dimensions: number
  readonly roles: string
  readonly state: 'active' | 'building' | 'retired'
}

export type VectorSetFinder = ReturnType<typeof createVectorSetFinder>

/** The sets of vectors that an index holds: its own, and those that a change of the model builds or leaves beside it. */
export function createVectorSetFinder(database: Database) {
  const all = database.prepare<[], VectorSet>(
    'SELECT id, provider, model, dimensions, roles, state FROM vector_sets ORDER BY id',
  )

  const active = () => all.all().find(({ state }) => state === 'active')
  const find = (of: EmbedderIdentity) => all.all().find((set) => isOf(set, of))

  return {
    all: (): VectorSet[] => all.all(),
    /** Undefined before anything was indexed. */
    active,
    find,

    /** The set of an embedder, or the active one; STORE_FAILED when there is none yet, INDEX_MISMATCH when it is another's. */
    require(of?: EmbedderIdentity): VectorSet {
      const own = active()
      if (own === undefined) throw new GemdexError('STORE_FAILED', 'The index has no vector set yet')
      if (of === undefined) return own
      const set = find(of)
      if (set === undefined) throw mismatch(identityOf(own), of)
      return set
    },
  }
}

export function identityOf({ provider, model, dimensions, roles }: VectorSet): EmbedderIdentity {
  return { provider, modelId: model, dimensions, roles }
}

export function nameEmbedder({ modelId, dimensions, roles }: EmbedderIdentity): string {
  return `${modelId} (${dimensions} dimensions, ${roles})`
}

export function mismatch(present: EmbedderIdentity, wanted: EmbedderIdentity): GemdexError {
  return new GemdexError(
    'INDEX_MISMATCH',
    `The index holds vectors of ${nameEmbedder(present)}, not of ${nameEmbedder(wanted)}`,
    { hint: '`gemdex migrate` changes the model of an index.' },
  )
}

function isOf(set: VectorSet, { provider, modelId, dimensions, roles }: EmbedderIdentity): boolean {
  return (
    set.provider === provider && set.model === modelId && set.dimensions === dimensions && set.roles === roles
  )
}
