import type { Topics } from '../../api/client.js'
import { countOf, formatDate } from '../shared/format.js'
import { EmptyState, Note } from '../shared/notices.js'
import { PassageLink } from './passage-link.js'
import { SurveyFrame } from './survey-frame.js'
import { useSurvey } from './use-survey.js'

type Topic = Topics['topics'][number]

/** What the documents are about, in two levels. */
export function TopicsTab({ collection }: { readonly collection: string | undefined }) {
  const survey = useSurvey(`topics ${collection ?? ''}`, (client, options) =>
    client.topics(collection === undefined ? {} : { collection }, options),
  )
  return (
    <SurveyFrame survey={survey} what="Looking for topics">
      {(report) => (report.topics.length === 0 ? <NoTopics /> : <TopicList report={report} />)}
    </SurveyFrame>
  )
}

function NoTopics() {
  return (
    <EmptyState title="No topics yet">
      <p>Topics appear here once some documents are indexed.</p>
    </EmptyState>
  )
}

function TopicList({
  report: { topics, documents, by, note, outliers, outlierCount },
}: {
  readonly report: Topics
}) {
  return (
    <>
      <p class="muted small">
        {countOf(documents, 'document')} in {countOf(topics.length, 'topic')}, grouped by{' '}
        {by === 'terms' ? 'words' : 'meaning'}
      </p>
      {note !== undefined && <Note>{note}</Note>}
      <ol class="topics">
        {topics.map((topic, i) => (
          <li key={i} class="topic">
            <TopicCard topic={topic} share={topic.size / documents} />
          </li>
        ))}
      </ol>
      {outlierCount > 0 && (
        <section class="outliers" aria-labelledby="outliers">
          <h2 id="outliers">{countOf(outlierCount, 'document')} like no others</h2>
          <ul>
            {outliers.map((passage) => (
              <li key={passage.id}>
                <PassageLink passage={passage} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

function TopicCard({ topic, share }: { readonly topic: Topic; readonly share: number }) {
  const { title, terms, central, subtopics } = topic
  return (
    <>
      <h2 dir="auto">{title}</h2>
      <TopicFacts topic={topic} />
      <meter
        class="share-meter"
        value={share}
        aria-label={`Share of the documents: ${Math.round(share * 100)} %`}
      />
      <p class="topic-terms small" dir="auto">
        {terms.join(' · ')}
      </p>
      <ul class="topic-central" aria-label={`Most central in ${title}`}>
        {central.map((passage) => (
          <li key={passage.id}>
            <PassageLink passage={passage} />
          </li>
        ))}
      </ul>
      {subtopics.length > 0 && (
        <details>
          <summary>{countOf(subtopics.length, 'part')}</summary>
          <ul class="subtopics">
            {subtopics.map((part, i) => (
              <li key={i}>
                <h3 dir="auto">{part.title}</h3>
                <TopicFacts topic={part} />
                <p class="topic-terms small" dir="auto">
                  {part.terms.join(' · ')}
                </p>
                {part.central.slice(0, 1).map((passage) => (
                  <PassageLink key={passage.id} passage={passage} />
                ))}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

function TopicFacts({ topic: { size, fromMs, toMs } }: { readonly topic: Omit<Topic, 'subtopics'> }) {
  const [from, to] = [formatDate(fromMs), formatDate(toMs)]
  return (
    <p class="muted small">
      {countOf(size, 'document')}, {from === to ? from : `${from} to ${to}`}
    </p>
  )
}
