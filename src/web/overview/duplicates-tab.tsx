import type { Duplicates } from '../../api/client.js'
import { countOf, formatCount, formatDate, formatPlace } from '../shared/format.js'
import { EmptyState } from '../shared/notices.js'
import { usePage } from '../state/page-context.js'
import type { SurveyRoute } from '../state/route.js'
import { Changes } from './changes.js'
import { PassageLink } from './passage-link.js'
import { SurveyFrame } from './survey-frame.js'
import { useSurvey } from './use-survey.js'

type Group = Duplicates['groups'][number]
type Member = Group['members'][number]

const LIMIT = 100
const KINDS: Readonly<Record<Group['kind'], string>> = {
  equal: 'Equal',
  near: 'Nearly equal',
  contained: 'Contained',
}
const LEVELS = [
  [undefined, 'All'],
  ['document', 'Documents'],
  ['passage', 'Passages'],
] as const

/** What is in the index more than once, which is newer, and what differs. */
export function DuplicatesTab({ route }: { readonly route: SurveyRoute }) {
  const { router } = usePage()
  const { level: chosen, ...rest } = route
  const query = {
    limit: LIMIT,
    changes: true,
    ...(route.collection === undefined ? {} : { collection: route.collection }),
    ...(chosen === undefined ? {} : { level: chosen }),
  }
  const survey = useSurvey(`duplicates ${JSON.stringify(query)}`, (client, options) =>
    client.duplicates(query, options),
  )
  return (
    <>
      <fieldset class="segmented">
        <legend class="visually-hidden">What to compare</legend>
        {LEVELS.map(([level, name]) => (
          <label key={name}>
            <input
              type="radio"
              name="level"
              checked={level === chosen}
              onChange={() => router.replace(level === undefined ? rest : { ...rest, level })}
            />
            <span>{name}</span>
          </label>
        ))}
      </fieldset>
      <SurveyFrame survey={survey} what="Looking for duplicates">
        {(report) => (report.total === 0 ? <NothingTwice report={report} /> : <GroupList report={report} />)}
      </SurveyFrame>
    </>
  )
}

function NothingTwice({ report: { documents, passages } }: { readonly report: Duplicates }) {
  return (
    <EmptyState title="Nothing is there twice">
      <p>
        {countOf(documents, 'document')} and {countOf(passages, 'passage')} were compared.
      </p>
    </EmptyState>
  )
}

function GroupList({ report: { documents, passages, total, groups } }: { readonly report: Duplicates }) {
  return (
    <>
      <p class="muted small">
        {groups.length < total ? `The first ${formatCount(groups.length)} of ` : ''}
        {countOf(total, 'group')} among {countOf(documents, 'document')} and {countOf(passages, 'passage')}
      </p>
      <ol class="duplicate-groups">
        {groups.map((group, i) => (
          <li key={i} class="duplicate-group">
            <h2>
              {KINDS[group.kind]}{' '}
              <span class="muted small">
                {group.level === 'document' ? 'documents' : 'passages'}, {countOf(group.words, 'word')}
              </span>
            </h2>
            <ul>
              {group.members.map((member, at) => (
                <li key={member.id}>
                  <MemberRow member={member} group={group} at={at} />
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </>
  )
}

function MemberRow({
  member,
  group,
  at,
}: {
  readonly member: Member
  readonly group: Group
  readonly at: number
}) {
  const { timeMs, location, similarity, changes } = member
  const place = location === undefined ? '' : formatPlace(location)
  const isChanged = changes?.some(({ kind }) => kind !== 'same')
  return (
    <>
      <PassageLink passage={member} />
      <p class="muted small duplicate-facts">
        <span>{formatDate(timeMs)}</span>
        {place !== '' && <span>{place}</span>}
        <Standing group={group} at={at} similarity={similarity} />
      </p>
      {changes !== undefined && isChanged && (
        <details>
          <summary>What differs</summary>
          <Changes changes={changes} />
        </details>
      )}
    </>
  )
}

/** What a member is to the first of its group. */
function Standing({
  group: { kind, members },
  at,
  similarity,
}: {
  readonly group: Group
  readonly at: number
  readonly similarity: number
}) {
  const [first, second] = members
  if (at === 0 && kind === 'contained') return <span class="badge">holds the others</span>
  if (at === 0) return (first?.timeMs ?? 0) > (second?.timeMs ?? 0) ? <span class="badge">newest</span> : null
  const share = `${Math.floor(similarity * 100)} %`
  if (kind === 'contained') return <span>{share} of it is in the first</span>
  return kind === 'near' ? <span>{share} alike</span> : null
}
