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
  // Keys of the service, by the SHA-256 of them, and the jobs that it was asked for.
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
