import { useEffect, useRef } from 'preact/hooks'
import { EmptyState, ErrorNotice, Loading } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import type { Route } from '../state/route.js'
import { useLoad } from '../state/use-load.js'
import { Composer } from './composer.js'
import { ExchangeView } from './exchange-view.js'
import { SessionList } from './session-list.js'

/** Questions, answered from the documents, one after the other. */
export function AskView({ route }: { readonly route: Extract<Route, { view: 'ask' }> }) {
  const { ask, router, service } = usePage()
  const epoch = service.epoch.value
  const seenEpoch = useRef(epoch)
  useEffect(() => {
    void ask.open(route.session, { anew: seenEpoch.current !== epoch })
    seenEpoch.current = epoch
  }, [route.session, epoch])
  const exchanges = ask.exchanges.value
  const error = ask.error.value
  useFollowing(exchanges.length)
  return (
    <main class="view ask-view">
      <h1 class="visually-hidden">Ask</h1>
      <SessionList shown={route.session} />
      <section class="conversation" aria-label="Conversation">
        {ask.isLoading.value && <Loading what="Opening the conversation …" />}
        {error !== undefined && (
          <ErrorNotice error={error} onRetry={() => void ask.open(route.session, { anew: true })} />
        )}
        {exchanges.length === 0 && !ask.isLoading.value && error === undefined && <FirstWords />}
        <ol class="exchanges">
          {exchanges.map((exchange, i) => (
            <li key={i}>
              <ExchangeView exchange={exchange} />
            </li>
          ))}
        </ol>
        <Composer
          isFirst={exchanges.length === 0}
          isAnswering={ask.isAnswering.value}
          onAsk={(question, pictures) =>
            void ask.ask(question, pictures, (session) => router.replace({ view: 'ask', session }))
          }
          onStop={ask.stop}
        />
      </section>
    </main>
  )
}

/** A new question is scrolled to once; the answer then grows below it, and whoever reads is left in peace. */
function useFollowing(count: number): void {
  const seen = useRef(count)
  useEffect(() => {
    if (count === seen.current + 1)
      document.querySelector('.exchanges > li:last-child')?.scrollIntoView({ block: 'start' })
    seen.current = count
  }, [count])
}

function FirstWords() {
  const { value } = useLoad('status', (client, signal) => client.status({ signal }))
  return (
    <EmptyState title="Ask your documents">
      <p>
        The answer is written from the passages that are found, and each of its statements names its passage.
        What the documents do not hold is not answered.
      </p>
      {value?.provider === 'local' && (
        <p>Without a key a built-in answerer quotes the sentences that fit best; no model is asked.</p>
      )}
    </EmptyState>
  )
}
