import { useState } from 'preact/hooks'
import type { Picture } from './exchange.js'
import { isPicture, MAX_PICTURE_BYTES, MAX_PICTURES, readPicture } from './read-picture.js'

/** The pictures that are to go with a question, and why others are not among them. */
export type Pictures = {
  readonly list: readonly Picture[]
  readonly problem: string
  add(files: Iterable<File>): Promise<void>
  remove(picture: Picture): void
  clear(): void
}

export function usePictures(): Pictures {
  const [list, setList] = useState<readonly Picture[]>([])
  const [problem, setProblem] = useState('')
  return {
    list,
    problem,
    async add(files) {
      const usable = [...files].filter(isPicture)
      const found = problemOf(usable, list.length)
      setProblem(found)
      if (found !== '') return
      const read = await Promise.all(usable.map(readPicture))
      setList((before) => [...before, ...read])
    },
    remove: (picture) => setList((before) => before.filter((each) => each !== picture)),
    clear() {
      setList([])
      setProblem('')
    },
  }
}

function problemOf(files: readonly File[], present: number): string {
  if (files.length === 0) return 'Only PNG, JPEG, WebP, HEIC and HEIF pictures can be asked about.'
  if (present + files.length > MAX_PICTURES) return `At most ${MAX_PICTURES} pictures belong to a question.`
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  return bytes > MAX_PICTURE_BYTES ? 'These pictures are larger than 14 MB together.' : ''
}
