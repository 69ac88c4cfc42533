/** Kinds of files that are met often and not read, for messages that say what a file is. */
const kinds: readonly (readonly [name: string, endings: string])[] = [
  ['Word documents of before 2007', 'doc dot'],
  ['binary Excel workbooks', 'xlsb'],
  ['PowerPoint presentations of before 2007', 'ppt pps pot'],
  ['OpenDocument drawings', 'odg'],
  ['settings files', 'env lock'],
  ['images', 'bmp tif tiff ico heic avif psd'],
  ['audio files', 'mp3 wav flac ogg m4a aac opus'],
  ['videos', 'mp4 mov mkv avi webm'],
  ['archives', 'zip tar gz tgz bz2 xz 7z rar zst jar'],
  ['fonts', 'ttf otf woff woff2'],
  ['programs', 'exe dll so dylib bin class wasm o a pyc'],
  ['databases', 'sqlite sqlite3 db mdb'],
]

const nameByEnding: ReadonlyMap<string, string> = new Map(
  kinds.flatMap(([name, endings]) => endings.split(' ').map((ending) => [ending, name] as const)),
)

export function isKnownEnding(ending: string): boolean {
  return nameByEnding.has(ending)
}

/** `CSV and TSV tables (.csv)`; for an unknown ending `files ending in .xyz`. Begins with a capital. */
export function nameOfEnding(ending: string): string {
  const known = nameByEnding.get(ending)
  return known === undefined ? `Files ending in .${ending}` : `${capitalised(known)} (.${ending})`
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}
