/** What of an index a check is about. */
export type Checked =
  | 'file'
  | 'references'
  | 'documents'
  | 'passages'
  | 'vectors'
  | 'keywords'
  | 'codes'
  | 'fields'
  | 'ranges'
  | 'languages'
  | 'conversations'

/**
 * What mends it: `repair` makes it anew from what is sound (`verify --repair`), `restore` a backup (or indexing into a new
 * file), `index` reading the files again, `migrate` embedding again.
 */
export type Mend = 'repair' | 'restore' | 'index' | 'migrate'

export type Finding = {
  readonly check: Checked
  /** What is wrong, in one sentence. */
  readonly message: string
  /** How many rows are concerned. */
  readonly count: number
  readonly mend: Mend
  /** Collections and paths of documents concerned, the first few. */
  readonly documents?: readonly string[]
}

export type VerifyReport = {
  readonly db: string
  readonly schema: number
  readonly sizeBytes: number
  readonly isSound: boolean
  /** Rows that were compared with one another. */
  readonly counts: {
    readonly documents: number
    readonly passages: number
    readonly vectors: number
    /** Passages that have their vector. */
    readonly embedded: number
  }
  /** Rows of older versions that have no checksum yet: what they hold was not compared with anything. */
  readonly unsummed: number
  readonly findings: readonly Finding[]
}

/** Findings in one sentence, for whoever asked for something else. It names no file. */
export function describeFindings(findings: readonly Finding[]): string {
  const [first, ...others] = findings
  if (first === undefined) return 'nothing'
  return others.length === 0 ? first.message : `${first.message}; and ${others.length} more`
}

/**
 * Whether an index with these findings is not to be written. Damaged documents are no hindrance: to read them again is what mends
 * them, and nothing else is made of them.
 */
export function preventsWriting(findings: readonly Finding[]): boolean {
  return findings.some(({ mend }) => mend !== 'index')
}

/** What the findings mean until they are mended, and what mends them, in one sentence. */
export function describeMending(findings: readonly Finding[]): string {
  if (!preventsWriting(findings))
    return 'Everything else can be searched and written: `gemdex verify --repair`, then `gemdex index` of their folders mends them; pushed documents are to be pushed again, or removed'
  const isBeyondRepair = findings.some(({ mend }) => mend === 'restore')
  const mended = isBeyondRepair
    ? '`gemdex restore` has put a backup in its place; without one index the folders into another file with --db'
    : '`gemdex verify --repair` or `gemdex restore` has mended it'
  return `It is searched as far as it can be read, and not written, until ${mended}`
}

/** A copy that has been checked. */
export type BackupReport = Pick<VerifyReport, 'schema' | 'sizeBytes' | 'counts'> & { readonly file: string }

export type RestoreReport = BackupReport & {
  /** The schema that the backup had. */
  readonly fromSchema: number
  /** Where an index that could not be read is kept now. */
  readonly setAside?: string
}
