import type { Status } from '../../api/client.js'
import { countOf, formatBytes, formatCount, formatPrice } from '../shared/format.js'
import { Note } from '../shared/notices.js'

/** The state of the index in a few figures. */
export function IndexFacts({ status }: { readonly status: Status }) {
  const {
    documents,
    embedded,
    expected,
    sizeBytes,
    embedder,
    generator,
    usage = [],
    degraded,
    damage,
  } = status
  const priceUsd = usage.reduce((sum, each) => sum + each.priceUsd, 0)
  // What the built-in provider embeds stays on the machine; a model before it was sent what it embedded.
  const isLocal = embedder?.provider === 'local'
  const tokens = usage
    .filter(({ model }) => !isLocal || model !== embedder.modelId)
    .reduce((sum, each) => sum + each.tokens, 0)
  const share = expected === 0 ? 1 : embedded / expected
  return (
    <>
      {damage !== undefined && (
        <Note>
          <strong>The index is damaged.</strong> {damage}
        </Note>
      )}
      {degraded !== undefined && (
        <Note>
          <strong>Searching by keywords only.</strong> {degraded}
        </Note>
      )}
      <dl class="facts">
        <Fact name="Documents" value={formatCount(documents)} />
        <Fact name="Passages embedded" value={`${formatCount(embedded)} of ${formatCount(expected)}`}>
          <meter min={0} max={1} value={share} aria-label="Passages that have their vector">
            {Math.round(share * 100)} %
          </meter>
        </Fact>
        {sizeBytes !== undefined && <Fact name="Size" value={formatBytes(sizeBytes)} />}
        {status.usage !== undefined && (
          <Fact name="Cost so far" value={formatPrice(priceUsd)}>
            <span class="muted small">
              {isLocal && tokens === 0 ? 'embedded on this machine' : `${formatCount(tokens)} tokens sent`}
            </span>
          </Fact>
        )}
        <Fact name="Embedded by" value={embedder?.modelId ?? 'nothing yet'} />
        <Fact name="Answered by" value={generator} />
      </dl>
      <SkippedFiles skipped={status.skipped} />
    </>
  )
}

function Fact({
  name,
  value,
  children,
}: {
  readonly name: string
  readonly value: string
  readonly children?: preact.ComponentChildren
}) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <bdi>{value}</bdi>
        {children}
      </dd>
    </div>
  )
}

/** What the service's documentation says of each reason, in a few words. */
const REASONS: Readonly<Record<string, string>> = {
  UNSUPPORTED: 'a kind of file that is not read',
  BINARY: 'named like text, but is none',
  ENCODING: 'text in an encoding that could not be told',
  EMPTY: 'empty',
  NO_TEXT: 'no text in it, such as a scanned page',
  ENCRYPTED: 'protected by a password',
  SECRET: 'looks like a key or a password store',
  HIDDEN: 'hidden',
  SYMLINK: 'a link to what is read elsewhere',
  SYMLINK_LOOP: 'a link that leads in a circle',
  SYMLINK_OUTSIDE: 'a link out of the folder',
  NOT_REGULAR: 'a device, socket or pipe',
  NOT_FOUND: 'gone before it was read',
  PERMISSION: 'may not be read',
  PATH_TOO_LONG: 'its path is too long',
  NAME_ENCODING: 'its name is not valid',
  TOO_LARGE: 'too large',
  TOO_DEEP: 'too deeply nested',
  TIMEOUT: 'took too long to read',
  ARCHIVE_BOMB: 'unpacks to too much',
  XML_FORBIDDEN: 'declares XML entities',
  TYPE_MISMATCH: 'not what its name says',
  PARSE_ERROR: 'broken',
}

function SkippedFiles({ skipped }: { readonly skipped: Status['skipped'] }) {
  const reasons = Object.entries(skipped).toSorted(([, a], [, b]) => b - a)
  const total = reasons.reduce((sum, [, count]) => sum + count, 0)
  if (total === 0) return null
  return (
    <details class="skipped">
      <summary>{countOf(total, 'file is', 'files are')} not in the index</summary>
      <ul>
        {reasons.map(([reason, count]) => (
          <li key={reason}>
            <strong>{formatCount(count)}</strong> {REASONS[reason] ?? reason}{' '}
            <span class="muted small">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}
