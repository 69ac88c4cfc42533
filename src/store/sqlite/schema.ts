import type { Database } from 'better-sqlite3'

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
const steps: readonly string[] = [
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
]

export const schemaVersion = steps.length

/** The version of an index file; 0 for a new one. */
export function readSchemaVersion(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/** Brings the schema up to date, each step in a transaction of its own. Safe when several processes do it at once. */
export function applySchema(database: Database): void {
  for (let version = readSchemaVersion(database); version < schemaVersion; version++) {
    database
      .transaction(() => {
        if (readSchemaVersion(database) > version) return
        database.exec(steps[version] ?? '')
        database.pragma(`user_version = ${version + 1}`)
      })
      .immediate()
  }
}
