import { attributeOf, type HtmlElement, type HtmlNode, walk } from './html-tree.js'

/** Which parts of a page are its content. */
export type PageContent = {
  /** The element that holds the content. */
  readonly root: HtmlNode
  /** Elements to pass over: navigation, scripts, hidden parts. */
  readonly dropped: ReadonlySet<HtmlElement>
  /** Tables that hold other tables or headings: layout, not data. */
  readonly layoutTables: ReadonlySet<HtmlElement>
}

const droppedTags = new Set(
  'script style template noscript svg nav aside iframe object embed canvas audio video map button input select textarea option datalist annotation annotation-xml head dialog'.split(
    ' ',
  ),
)
const droppedRoles = new Set([
  'navigation',
  'banner',
  'contentinfo',
  'search',
  'complementary',
  'menu',
  'menubar',
  'dialog',
])
/** Classes and ids that generators of sites give to what is not content. */
const droppedNames = new Set(
  'mw-editsection mw-jump-link navbox catlinks printfooter vector-dropdown mw-portlet mw-indicators noprint mw-cite-backlink navbar sidebar col-sidebar page-sidebar left-sidebar right-sidebar siteSub sitesub breadcrumb breadcrumbs tsd-breadcrumb tsd-generator toc table-of-contents tableOfContents pagination pagination-nav hash-link headerlink header-anchor skip-link sr-only visually-hidden screen-reader-text theme-doc-toc-mobile cookie-banner cookie-consent'.split(
    ' ',
  ),
)
/** Containers of the content in widespread site software, the surest first. */
const contentNames = [
  'mw-content-text',
  'post-content',
  'entry-content',
  'article-content',
  'markdown-body',
  'main-content',
  'col-content',
  'content',
  'main',
]
/** A container that holds less of the page's visible text than this is not the content. */
const minShare = 0.25

type Frame = {
  readonly element: HtmlElement
  visible: number
  readonly inContent: boolean
  hasHeading: boolean
}

/** Finds the content of a page: `<main>`, a single `<article>` or a known container, else the whole page. */
export function findContent(page: HtmlNode): PageContent {
  const survey = surveyPage(page)
  const { visible } = survey
  const needed = survey.total * minShare
  const article = survey.articles.length === 1 ? survey.articles : []
  const tiers = [survey.mains, article, ...contentNames.map((name) => survey.named.get(name) ?? [])]
  for (const tier of tiers) {
    const [best] = [...tier].sort((a, b) => (visible.get(b) ?? 0) - (visible.get(a) ?? 0))
    if (best !== undefined && (visible.get(best) ?? 0) >= needed && survey.total > 0)
      return { root: best, ...survey }
  }
  return { root: page, ...survey }
}

type Survey = {
  readonly dropped: Set<HtmlElement>
  readonly layoutTables: Set<HtmlElement>
  /** Visible characters of each candidate. */
  readonly visible: Map<HtmlElement, number>
  readonly mains: HtmlElement[]
  readonly articles: HtmlElement[]
  readonly named: Map<string, HtmlElement[]>
  total: number
}

/** One pass over the page. Counts run upwards as elements are left, so the cost does not depend on depth. */
function surveyPage(page: HtmlNode): Survey {
  const survey: Survey = {
    dropped: new Set(),
    layoutTables: new Set(),
    visible: new Map(),
    mains: [],
    articles: [],
    named: new Map(),
    total: 0,
  }
  const frames: Frame[] = []
  const tables: HtmlElement[] = []
  walk(page, {
    enter(element) {
      if (isDropped(element)) {
        survey.dropped.add(element)
        return false
      }
      const above = frames.at(-1)
      const candidate = noteCandidate(element, survey)
      frames.push({
        element,
        visible: 0,
        inContent: candidate || above?.inContent === true,
        hasHeading: false,
      })
      const table = tables.at(-1)
      if (table !== undefined && /^(?:table|h[1-6])$/.test(element.tagName)) survey.layoutTables.add(table)
      if (element.tagName === 'table') {
        tables.push(element)
        if (/^(?:presentation|none)$/.test(attributeOf(element, 'role') ?? ''))
          survey.layoutTables.add(element)
      }
      return true
    },
    leave(element) {
      if (element.tagName === 'table') tables.pop()
      const frame = frames.pop()
      if (frame !== undefined) leaveFrame(frame, frames.at(-1), survey)
    },
    text(node) {
      const frame = frames.at(-1)
      if (frame !== undefined) frame.visible += node.value.replace(/\s+/g, '').length
    },
  })
  return survey
}

function leaveFrame(frame: Frame, above: Frame | undefined, survey: Survey): void {
  const { element, visible, inContent } = frame
  const { tagName } = element
  // A page's head and foot hold the site's name and links; a head with the page's own heading is content.
  if (!inContent && (tagName === 'footer' || (tagName === 'header' && !frame.hasHeading))) {
    survey.dropped.add(element)
    return
  }
  if (survey.visible.has(element)) survey.visible.set(element, visible)
  if (above === undefined) survey.total += visible
  else {
    above.visible += visible
    above.hasHeading ||= frame.hasHeading || tagName === 'h1'
  }
}

/** Remembers an element that may be the page's content; tells whether it is one. */
function noteCandidate(element: HtmlElement, survey: Survey): boolean {
  const { tagName } = element
  if (tagName === 'main' || attributeOf(element, 'role') === 'main') {
    survey.mains.push(element)
  } else if (tagName === 'article') {
    survey.articles.push(element)
  } else {
    const names = namesOf(element)
    const name = tagName === 'body' ? undefined : contentNames.find((known) => names.includes(known))
    if (name === undefined) return false
    const same = survey.named.get(name)
    if (same === undefined) survey.named.set(name, [element])
    else same.push(element)
  }
  survey.visible.set(element, 0)
  return true
}

function isDropped(element: HtmlElement): boolean {
  const { tagName } = element
  if (droppedTags.has(tagName) || droppedRoles.has(attributeOf(element, 'role') ?? '')) return true
  if (attributeOf(element, 'aria-hidden') === 'true') return true
  const hidden = attributeOf(element, 'hidden')
  if (hidden !== undefined && hidden !== 'until-found') return true
  if (/(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(attributeOf(element, 'style') ?? ''))
    return true
  if (tagName === 'html' || tagName === 'body' || tagName === 'main') return false
  return namesOf(element).some((name) => droppedNames.has(name)) || isReferenceMark(element)
}

/** The small [1] behind a sentence in Wikipedia. */
function isReferenceMark(element: HtmlElement): boolean {
  return element.tagName === 'sup' && namesOf(element).includes('reference')
}

function namesOf(element: HtmlElement): readonly string[] {
  const names = `${attributeOf(element, 'class') ?? ''} ${attributeOf(element, 'id') ?? ''}`.trim()
  return names === '' ? [] : names.split(/\s+/)
}
