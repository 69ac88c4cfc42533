import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../shared/icons.js'
import { useDrop } from '../shared/use-drop.js'
import { AddPicture, ComposerPictures } from './composer-pictures.js'
import type { Picture } from './exchange.js'
import { usePictures } from './use-pictures.js'

type Props = {
  readonly isFirst: boolean
  readonly isAnswering: boolean
  readonly onAsk: (question: string, pictures: readonly Picture[]) => void
  readonly onStop: () => void
}

/** Where a question is written, with the pictures that belong to it. */
export function Composer({ isFirst, isAnswering, onAsk, onStop }: Props) {
  const [text, setText] = useState('')
  const pictures = usePictures()
  const drop = useDrop((files) => void pictures.add(files))
  const canAsk = !isAnswering && text.trim() !== ''
  const send = () => {
    if (!canAsk) return
    onAsk(text.trim(), pictures.list)
    setText('')
    pictures.clear()
  }
  return (
    <form
      class="composer"
      data-over={drop.isOver}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
      {...drop.handlers}
    >
      <ComposerPictures pictures={pictures} />
      <div class="composer-row">
        <AddPicture onAdd={pictures.add} />
        <QuestionBox
          text={text}
          placeholder={isFirst ? 'Ask a question' : 'Ask on'}
          onText={setText}
          onSend={send}
          onFiles={(files) => void pictures.add(files)}
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
            disabled={!canAsk}
          >
            <Icon name="send" />
          </button>
        )}
      </div>
    </form>
  )
}

/** Grows with what is written; Enter sends it, unless a letter is being composed. */
function QuestionBox({
  text,
  placeholder,
  onText,
  onSend,
  onFiles,
}: {
  readonly text: string
  readonly placeholder: string
  readonly onText: (text: string) => void
  readonly onSend: () => void
  readonly onFiles: (files: Iterable<File>) => void
}) {
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) box.current?.focus({ preventScroll: true })
  }, [])
  useEffect(() => {
    const area = box.current
    if (area === null) return
    area.style.height = 'auto'
    area.style.height = `${area.scrollHeight}px`
  }, [text])
  return (
    <textarea
      ref={box}
      data-search
      rows={1}
      dir="auto"
      maxLength={8000}
      value={text}
      placeholder={placeholder}
      aria-label="Question"
      enterkeyhint="send"
      onInput={({ currentTarget }) => onText(currentTarget.value)}
      onPaste={(event) => {
        const files = event.clipboardData?.files
        if (files === undefined || files.length === 0) return
        event.preventDefault()
        onFiles(files)
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return
        event.preventDefault()
        onSend()
      }}
    />
  )
}
