import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icons.js'
import type { Picture } from './ask-state.js'
import { isPicture, MAX_PICTURE_BYTES, MAX_PICTURES, readPicture } from './read-picture.js'

/** Where a question is written, with the pictures that belong to it. */
export function Composer({
  isFirst,
  isAnswering,
  onAsk,
  onStop,
}: {
  readonly isFirst: boolean
  readonly isAnswering: boolean
  readonly onAsk: (question: string, pictures: readonly Picture[]) => void
  readonly onStop: () => void
}) {
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [pictures, setPictures] = useState<readonly Picture[]>([])
  const [problem, setProblem] = useState('')
  const [isOver, setOver] = useState(false)

  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    const area = box.current
    if (area === null) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [text])

  const add = async (files: Iterable<File>) => {
    setProblem('')
    const usable = [...files].filter(isPicture)
    if (usable.length === 0)
      return setProblem('Only PNG, JPEG, WebP, HEIC and HEIF pictures can be asked about.')
    if (pictures.length + usable.length > MAX_PICTURES)
      return setProblem(`At most ${MAX_PICTURES} pictures belong to a question.`)
    const bytes = usable.reduce((sum, { size }) => sum + size, 0)
    if (bytes > MAX_PICTURE_BYTES) return setProblem('These pictures are larger than 14 MB together.')
    const read = await Promise.all(usable.map(readPicture))
    setPictures((before) => [...before, ...read])
  }
  const send = () => {
    if (isAnswering || text.trim() === '') return
    onAsk(text.trim(), pictures)
    setText('')
    setPictures([])
    setProblem('')
  }

  return (
    <form
      class="composer"
      data-over={isOver}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        void add(event.dataTransfer?.files ?? [])
      }}
    >
      {problem !== '' && (
        <p class="field-error" role="alert">
          {problem}
        </p>
      )}
      {pictures.length > 0 && (
        <ul class="pictures">
          {pictures.map(({ url }, i) => (
            <li key={url}>
              <img src={url} alt={`No. ${i + 1}`} />
              <button
                type="button"
                class="icon-button"
                aria-label={`Remove picture ${i + 1}`}
                onClick={() => setPictures(pictures.filter((each) => each.url !== url))}
              >
                <Icon name="close" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <div class="composer-row">
        <label class="icon-button" title="Add a picture (or drop or paste one)">
          <Icon name="picture" />
          <input
            type="file"
            class="visually-hidden"
            accept="image/png,image/jpeg,image/webp,image/heic,image/heif"
            multiple
            aria-label="Add pictures"
            onChange={({ currentTarget }) => {
              void add(currentTarget.files ?? [])
              currentTarget.value = ''
            }}
          />
        </label>
        <textarea
          ref={box}
          data-search
          rows={1}
          dir="auto"
          maxLength={8000}
          value={text}
          placeholder={isFirst ? 'Ask a question' : 'Ask on'}
          aria-label="Question"
          enterkeyhint="send"
          onInput={({ currentTarget }) => setText(currentTarget.value)}
          onPaste={(event) => {
            const files = event.clipboardData?.files
            if (files !== undefined && files.length > 0) {
              event.preventDefault()
              void add(files)
            }
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
            event.preventDefault()
            send()
          }}
        />
        {isAnswering ? (
          <button type="button" class="icon-button primary" aria-label="Stop" title="Stop" onClick={onStop}>
            <Icon name="stop" />
          </button>
        ) : (
          <button
            type="submit"
            class="icon-button primary"
            aria-label="Ask"
            title="Ask (Enter)"
            disabled={text.trim() === ''}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}
