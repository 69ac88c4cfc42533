import { pino } from 'pino'

export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** JSON lines: an event's name and its facts. Never texts of documents, queries above debug, or secrets. */
export interface Logger {
  error(facts: object, event: string): void
  warn(facts: object, event: string): void
  info(facts: object, event: string): void
  debug(facts: object, event: string): void
}

/** Writes to the given stream (standard error for the program). */
export function createLogger(level: LogLevel, stream: { write(line: string): void }): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream)
}
