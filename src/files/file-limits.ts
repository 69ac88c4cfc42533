/** Files above this size are skipped unless the caller says otherwise. */
export const DEFAULT_MAX_FILE_BYTES = 50 * 1024 * 1024

/** Says by how much a file is too large. */
export function tooLargeMessage(sizeBytes: number, maxFileBytes: number): string {
  return `it has ${sizeBytes.toLocaleString('en')} bytes; the limit is ${maxFileBytes.toLocaleString('en')}`
}
