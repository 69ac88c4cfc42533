import type { FileState } from '../store/store.js'

/** After the content hash of a file with pictures that no model has looked at: as another content it is read again. */
const UNSEEN = '|unseen'

/** The content hash of a file that is to be read again once pictures are looked at. */
export function withUnseen(contentHash: string): string {
  return `${contentHash}${UNSEEN}`
}

export function hasUnseenPictures({ contentHash }: FileState): boolean {
  return contentHash.endsWith(UNSEEN)
}
