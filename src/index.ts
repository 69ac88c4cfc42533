export type { GenerationSettings, SafetySetting } from './answer/generator.js'
export { openEngine } from './compose.js'
export { type Config, type ConfigInput, loadConfig } from './config.js'
export type { EmbedderIdentity, EmbedInput } from './embed/embedder.js'
export type {
  AnswerEvent,
  AskOptions,
  Chat,
  CollectionState,
  EmbedRequest,
  EmbedResult,
  IndexProgress,
  IndexReport,
  IndexStatus,
  LastRun,
  OpenOptions,
  PartOfIndex,
  Question,
  RemovalRequest,
  SearchEngine,
  Sessions,
  SkippedFile,
} from './engine.js'
export { type ErrorCode, GemdexError } from './errors.js'
export type { IndexRequest } from './ingest/index-request.js'
export type { SearchRequest } from './search/search-request.js'
export type { CollectionSummary, DocumentFilter, Page } from './store/store.js'
export type { BackupReport, Finding, RestoreReport, VerifyReport } from './store/verify-report.js'
export type * from './types.js'
export { backup, restore, verify } from './upkeep.js'
