import Sqlite, { type Database } from 'better-sqlite3'
import { GemdexError } from '../../errors.js'
import type { Metadata } from '../../types.js'
import { createFieldWriter } from './document-fields.js'

/**
 * The schema as numbered steps; `PRAGMA user_version` holds the number of the last one applied. A step that has been
 * released is never edited: a change is a new step.
 *
 * Vectors are kept once per embedding key (model, dimensions, roles, title and text), and passages point at them: equal
 * passages share one, and a vector is durable before the document that uses it is. `chunk_fts` holds the analysed terms,
 * the text is in `chunks`. It keeps its content, which costs a sixth of the file: a contentless table forgets to take
 * deleted rows off the totals that BM25 counts with, so scores would drift with every replaced document.
 *
 * Ids of passages are never given twice: a search reads its passages after it ranked them, and they may be gone by then.
 */
const steps: readonly (string | ((database: Database) => void))[] = [
  `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

  CREATE TABLE vector_sets (
    id INTEGER PRIMARY KEY,
    provider TEXT NOT NULL,
    model TEXT NOT NULL,
    dimensions INTEGER NOT NULL CHECK (dimensions > 0),
    roles TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('active', 'building', 'retired')),
    created_ms INTEGER NOT NULL
  );
  CREATE UNIQUE INDEX vector_sets_active ON vector_sets (state) WHERE state = 'active';

  CREATE TABLE collections (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, root TEXT,
    unfinished INTEGER NOT NULL DEFAULT 0);

  CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    public_id TEXT NOT NULL UNIQUE,
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    uri TEXT NOT NULL,
    title TEXT NOT NULL,
    type TEXT NOT NULL,
    metadata TEXT NOT NULL,
    size_bytes INTEGER NOT NULL,
    content_hash TEXT NOT NULL,
    modified_ms INTEGER NOT NULL,
    indexed_ms INTEGER NOT NULL,
    UNIQUE (collection_id, uri)
  );
  CREATE TABLE document_texts (
    document_id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    text TEXT NOT NULL
  );

  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    headings TEXT NOT NULL,
    location TEXT NOT NULL,
    text TEXT NOT NULL,
    UNIQUE (document_id, ordinal)
  );
  CREATE VIRTUAL TABLE chunk_fts USING fts5 (
    title, text,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
  );
  CREATE VIRTUAL TABLE chunk_vocab USING fts5vocab (chunk_fts, row);

  CREATE TABLE vectors (
    id INTEGER PRIMARY KEY,
    set_id INTEGER NOT NULL REFERENCES vector_sets (id),
    key BLOB NOT NULL,
    vector BLOB NOT NULL,
    UNIQUE (set_id, key)
  );
  CREATE TABLE chunk_vectors (
    set_id INTEGER NOT NULL REFERENCES vector_sets (id),
    chunk_id INTEGER NOT NULL REFERENCES chunks (id) ON DELETE CASCADE,
    vector_id INTEGER NOT NULL REFERENCES vectors (id),
    PRIMARY KEY (chunk_id, set_id)
  ) WITHOUT ROWID;
  CREATE INDEX chunk_vectors_vector ON chunk_vectors (vector_id);

  CREATE TABLE files (
    collection_id INTEGER NOT NULL REFERENCES collections (id),
    uri TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('indexed', 'skipped')),
    reason TEXT,
    message TEXT,
    PRIMARY KEY (collection_id, uri)
  ) WITHOUT ROWID;

  CREATE TABLE usage (
    model TEXT NOT NULL,
    day TEXT NOT NULL,
    requests INTEGER NOT NULL,
    texts INTEGER NOT NULL,
    tokens INTEGER NOT NULL,
    price_usd REAL NOT NULL,
    PRIMARY KEY (model, day)
  ) WITHOUT ROWID;
  `,
  // Several documents of one file, the date of a document, the places of its text; what of a file is not in the index.
  // Files that were skipped are looked at again by a program that reads more, so their old reasons need no new names.
  `
  ALTER TABLE documents ADD COLUMN file_uri TEXT NOT NULL DEFAULT '';
  ALTER TABLE documents ADD COLUMN date_ms INTEGER NOT NULL DEFAULT 0;
  UPDATE documents SET file_uri = uri, date_ms = modified_ms;
  CREATE INDEX documents_file ON documents (collection_id, file_uri);
  ALTER TABLE document_texts ADD COLUMN blocks BLOB;
  ALTER TABLE files ADD COLUMN notices TEXT;
  DELETE FROM files WHERE outcome = 'skipped';
  `,
  addRanking,
  // Conversations. `turn_fts` holds the analysed terms of question and answer; `turn_citations` is by document, so that
  // removing one finds what was quoted of it.
  `
  CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE INDEX sessions_updated ON sessions (updated_ms);

  CREATE TABLE turns (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    question TEXT NOT NULL,
    standalone_question TEXT NOT NULL,
    status TEXT NOT NULL,
    answer TEXT NOT NULL,
    unsupported TEXT NOT NULL,
    sources TEXT NOT NULL,
    model TEXT NOT NULL,
    reason TEXT,
    finish_reason TEXT,
    error_code TEXT,
    usage TEXT,
    UNIQUE (session_id, ordinal)
  );
  CREATE INDEX turns_failed ON turns (status) WHERE status = 'failed';
  CREATE TABLE turn_citations (
    turn_id INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    document_id TEXT NOT NULL,
    citation TEXT NOT NULL,
    PRIMARY KEY (turn_id, ordinal)
  ) WITHOUT ROWID;
  CREATE INDEX turn_citations_document ON turn_citations (document_id);

  CREATE VIRTUAL TABLE turn_fts USING fts5 (
    terms,
    tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
  );
  CREATE TRIGGER turns_deleted AFTER DELETE ON turns BEGIN
    DELETE FROM turn_fts WHERE rowid = old.id;
  END;

  CREATE TABLE turn_vectors (
    set_id INTEGER NOT NULL REFERENCES vector_sets (id),
    turn_id INTEGER NOT NULL REFERENCES turns (id) ON DELETE CASCADE,
    vector BLOB NOT NULL,
    PRIMARY KEY (turn_id, set_id)
  ) WITHOUT ROWID;
  `,
  // Codes of the passages' vectors, to find the nearest by: derived, and made anew when they are missing or of an older
  // format. `mean` is that of rotated vectors; looked at again when passages have four times the ids of `reviewed_chunk`.
  // Removals let a process that holds the codes in memory follow: a document's passages have consecutive ids, which
  // `passage_ranges` holds, so that a filter over documents gives passages without looking at them.
  `
  CREATE TABLE code_sets (
    set_id INTEGER PRIMARY KEY REFERENCES vector_sets (id) ON DELETE CASCADE,
    format TEXT NOT NULL,
    generation INTEGER NOT NULL,
    mean BLOB NOT NULL,
    reviewed_chunk INTEGER NOT NULL
  );
  CREATE TABLE codes (
    chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
    record BLOB NOT NULL
  );
  CREATE TABLE removals (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    first_chunk INTEGER NOT NULL,
    last_chunk INTEGER NOT NULL
  );
  CREATE TABLE passage_ranges (
    document_id INTEGER PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    first_chunk INTEGER NOT NULL,
    last_chunk INTEGER NOT NULL
  );
  INSERT INTO passage_ranges SELECT document_id, min(id), max(id) FROM chunks GROUP BY document_id;
  CREATE TRIGGER passages_removed AFTER DELETE ON passage_ranges BEGIN
    INSERT INTO removals (first_chunk, last_chunk) VALUES (old.first_chunk, old.last_chunk);
  END;
  CREATE INDEX documents_uri ON documents (uri);
  CREATE INDEX documents_type ON documents (type);
  CREATE INDEX documents_date ON documents (date_ms);
  `,
  // Keys of the service, by the SHA-256 of them, and the jobs that it was asked for. Conversations, as jobs, belong to the key
  // that began them; those of no key have no owner.
  `
  CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    scopes TEXT NOT NULL,
    collections TEXT,
    created_ms INTEGER NOT NULL,
    last_used_ms INTEGER,
    revoked_ms INTEGER
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX api_keys_name ON api_keys (name) WHERE revoked_ms IS NULL;

  CREATE TABLE jobs (
    id TEXT PRIMARY KEY,
    owner TEXT,
    state TEXT NOT NULL
      CHECK (state IN ('queued', 'running', 'interrupted', 'done', 'failed', 'cancelled')),
    request TEXT NOT NULL,
    progress TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    started_ms INTEGER,
    ended_ms INTEGER,
    report TEXT,
    error TEXT
  );
  ALTER TABLE sessions ADD COLUMN owner TEXT;
  `,
  // In how many passages the commonest terms occurred when there were `counted_passages`.
  `
  CREATE TABLE common_terms (term TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
  ALTER TABLE keyword_totals ADD COLUMN counted_passages INTEGER NOT NULL DEFAULT 0;
  `,
  // Checksums of what cannot be made again (see `checksum.ts`). Rows that were there before have none until the index is
  // compacted or repaired: making them here would read the whole file while everybody waits. Passages of before there were
  // languages were taken for English, but that was not listed.
  `
  ALTER TABLE document_texts ADD COLUMN checksum INTEGER;
  ALTER TABLE chunks ADD COLUMN checksum INTEGER;
  ALTER TABLE vectors ADD COLUMN checksum INTEGER;
  INSERT INTO languages SELECT 'en' WHERE EXISTS (SELECT 1 FROM chunks) AND NOT EXISTS (SELECT 1 FROM languages);
  `,
  // Questions that the documents did not answer, where they are kept: without who asked, and without a time of day. Vectors of
  // whole documents, made in a role of their own, stay until their documents are replaced or removed.
  `
  CREATE TABLE gaps (
    id INTEGER PRIMARY KEY,
    question TEXT NOT NULL COLLATE NOCASE,
    day TEXT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('refused', 'nothing')),
    asked INTEGER NOT NULL CHECK (asked > 0),
    UNIQUE (question, day, outcome)
  );
  CREATE INDEX gaps_day ON gaps (day);

  CREATE TABLE document_vectors (
    document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    vector_id INTEGER NOT NULL REFERENCES vectors (id) ON DELETE CASCADE,
    PRIMARY KEY (document_id, vector_id)
  ) WITHOUT ROWID;
  CREATE INDEX document_vectors_vector ON document_vectors (vector_id);
  `,
  // Of the last run over a collection's folder: when it began and was done with everything, how many files it had to deal with, and
  // with how many it has. Of runs of before nothing is known but whether they are `unfinished`.
  `
  ALTER TABLE collections ADD COLUMN run_began_ms INTEGER;
  ALTER TABLE collections ADD COLUMN run_ended_ms INTEGER;
  ALTER TABLE collections ADD COLUMN run_files INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE collections ADD COLUMN run_files_done INTEGER NOT NULL DEFAULT 0;
  `,
]

/**
 * What ranking of our own needs: lengths of passages by field with their totals, the places of words, parts of words in a
 * field of their own, the languages that passages were analysed in, and metadata as rows that filters find by index.
 */
function addRanking(database: Database): void {
  database.exec(`
    ALTER TABLE chunks ADD COLUMN language TEXT NOT NULL DEFAULT 'en';
    CREATE TABLE languages (language TEXT PRIMARY KEY) WITHOUT ROWID;

    DROP TABLE chunk_vocab;
    ALTER TABLE chunk_fts RENAME TO old_fts;
    CREATE VIRTUAL TABLE chunk_fts USING fts5 (
      title, text, parts,
      tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
    );
    INSERT INTO chunk_fts (rowid, title, text, parts) SELECT rowid, title, text, '' FROM old_fts;
    CREATE VIRTUAL TABLE chunk_vocab USING fts5vocab (chunk_fts, row);
    CREATE VIRTUAL TABLE chunk_postings USING fts5vocab (chunk_fts, instance);

    CREATE TABLE chunk_lengths (
      chunk_id INTEGER PRIMARY KEY REFERENCES chunks (id) ON DELETE CASCADE,
      document_id INTEGER NOT NULL,
      title_terms INTEGER NOT NULL,
      text_terms INTEGER NOT NULL
    );
    CREATE TABLE keyword_totals (passages INTEGER NOT NULL, title_terms INTEGER NOT NULL, text_terms INTEGER NOT NULL);
    INSERT INTO chunk_lengths (chunk_id, document_id, title_terms, text_terms)
      SELECT k.id, k.document_id, iif(f.title = '', 0, 1 + length(f.title) - length(replace(f.title, ' ', ''))),
        iif(f.text = '', 0, 1 + length(f.text) - length(replace(f.text, ' ', '')))
      FROM chunks k JOIN old_fts f ON f.rowid = k.id;
    INSERT INTO keyword_totals SELECT count(*), coalesce(sum(title_terms), 0), coalesce(sum(text_terms), 0) FROM chunk_lengths;
    DROP TABLE old_fts;

    CREATE TABLE document_fields (
      document_id INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
      field TEXT NOT NULL,
      kind TEXT NOT NULL CHECK (kind IN ('text', 'number', 'boolean', 'null', 'object', 'empty')),
      value
    );
    CREATE INDEX document_fields_value ON document_fields (field, kind, value, document_id);
    CREATE INDEX document_fields_document ON document_fields (document_id, field);
  `)
  const write = createFieldWriter(database)
  const documents = database.prepare<[], { id: number; metadata: string }>(
    'SELECT id, metadata FROM documents',
  )
  for (const { id, metadata } of documents.all()) write(id, JSON.parse(metadata) as Metadata)
}

export const schemaVersion = steps.length

const ANALYSED = `tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co'"`
/** The inverted indexes as the last step has them, to make them anew. */
export const invertedIndexes = {
  passages: `CREATE VIRTUAL TABLE chunk_fts USING fts5 (title, text, parts, ${ANALYSED})`,
  turns: `CREATE VIRTUAL TABLE turn_fts USING fts5 (terms, ${ANALYSED})`,
} as const

/** The version of an index file; 0 for a new one. */
export function readSchemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/**
 * Brings the schema up to date, each step in a transaction of its own. Safe when several processes do it at once. Throws
 * STORE_CORRUPT when the file has not the tables that its version says.
 */
export function applySchema(database: Database, onStep: (step: `schema ${number}`) => void = () => {}): void {
  for (let version = readSchemaVersion(database); version < schemaVersion; version++) {
    database
      .transaction(() => {
        if (readSchemaVersion(database) > version) return
        applyStep(database, version)
        database.pragma(`user_version = ${version + 1}`)
        onStep(`schema ${version + 1}`)
      })
      .immediate()
  }
}

function applyStep(database: Database, version: number): void {
  const step = steps[version] ?? ''
  try {
    if (typeof step === 'string') database.exec(step)
    else step(database)
  } catch (thrown) {
    // A table that is there already, or is missing: a step itself has no errors.
    if (!(thrown instanceof Sqlite.SqliteError && thrown.code === 'SQLITE_ERROR')) throw thrown
    throw new GemdexError(
      'STORE_CORRUPT',
      `The index is damaged: it says that its schema is ${version}, but it is not (${thrown.message})`,
      { hint: 'Restore a backup, or index the folder anew into another file with --db.', cause: thrown },
    )
  }
}
