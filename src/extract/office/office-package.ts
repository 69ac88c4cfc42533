import { type ExtractLimits, type ExtractOptions, SkipError } from '../extractor.js'
import { resolvePart } from '../part-name.js'
import { readNamespacedXml } from '../xml-namespaces.js'
import { openZip, type ZipArchive } from '../zip.js'
import type { DocumentProperties } from './document-properties.js'

/** One part's reference to another. */
export type Relationship = {
  readonly id: string
  /** The last word of its type's address, such as `styles`; it is the same in all editions of the standard. */
  readonly type: string
  /** Name of the part in the archive; an address when it is external. */
  readonly target: string
  readonly isExternal: boolean
}

/** An Office Open XML file: parts that refer to one another (ECMA-376 part 2, Open Packaging Conventions). */
export interface OfficePackage {
  readonly zip: ZipArchive
  /** Name of the part that holds the document itself; there may be none of that name. */
  readonly mainPart: string
  /** The text of the main part. Throws SkipError PARSE_ERROR when it is missing. */
  readMain(): Promise<string>
  /** The text of the part of this type that the main part refers to; where it refers to none, of the one in its usual place. */
  readCommon(type: string): Promise<string | undefined>
  /** The text of a part; undefined when there is none of that name. Names are compared without regard to case. */
  readText(name: string): Promise<string | undefined>
  relationshipsOf(part: string): Promise<readonly Relationship[]>
  /** The texts of the parts of this type that a part refers to, in order. */
  readRelated(part: string, type: string): Promise<readonly RelatedPart[]>
  properties(): Promise<DocumentProperties>
}

export type RelatedPart = { readonly id: string; readonly name: string; readonly text: string }

/**
 * Throws SkipError as `openZip` does.
 *
 * @param usualMainPart such as `word/document.xml`, for files that do not tell.
 */
export async function openOfficePackage(
  bytes: Uint8Array,
  usualMainPart: string,
  options: ExtractOptions,
): Promise<OfficePackage> {
  const zip = await openZip(bytes, options.limits, options.signal)
  const byFolded = new Map(zip.names.map((name) => [name.toLowerCase(), name]))
  const readText = async (name: string) => zip.readText(byFolded.get(name.toLowerCase()) ?? name)
  const relationshipsOf = async (part: string) =>
    readRelationships(await readText(relationshipPart(part)), part, options.limits)
  const roots = await relationshipsOf('')
  const main = roots.find(({ type, isExternal }) => type === 'officeDocument' && !isExternal)
  const mainPart = byFolded.get(main?.target.toLowerCase() ?? '') ?? usualMainPart
  const readRelated = async (part: string, type: string) => {
    const related: RelatedPart[] = []
    for (const { id, type: found, target, isExternal } of await relationshipsOf(part)) {
      const text = found === type && !isExternal ? await readText(target) : undefined
      if (text !== undefined) related.push({ id, name: target, text })
    }
    return related
  }
  return {
    zip,
    mainPart,
    readText,
    relationshipsOf,
    readRelated,
    async readMain() {
      const source = await readText(mainPart)
      if (source === undefined)
        throw new SkipError('PARSE_ERROR', `The part that holds the document is missing: ${mainPart}`)
      return source
    },
    async readCommon(type) {
      const [related] = await readRelated(mainPart, type)
      return related?.text ?? readText(resolvePart(mainPart, `${type}.xml`))
    },
    async properties() {
      const core = roots.find(({ type }) => type === 'core-properties')
      return readProperties(await readText(core?.target ?? 'docProps/core.xml'), options.limits)
    },
  }
}

/** `word/document.xml` has its references in `word/_rels/document.xml.rels`. */
function relationshipPart(part: string): string {
  const slash = part.lastIndexOf('/') + 1
  return `${part.slice(0, slash)}_rels/${part.slice(slash)}.rels`
}

function readRelationships(
  source: string | undefined,
  part: string,
  limits: ExtractLimits,
): readonly Relationship[] {
  const found: Relationship[] = []
  if (source === undefined) return found
  readNamespacedXml(
    source,
    {
      open({ name, attributes }) {
        const { Id: id, Target: target, Type: type } = attributes
        if (name !== 'Relationship' || id === undefined || target === undefined || type === undefined)
          return undefined
        const isExternal = attributes.TargetMode === 'External'
        found.push({
          id,
          type: type.slice(type.lastIndexOf('/') + 1),
          target: isExternal ? target : resolvePart(part, target),
          isExternal,
        })
        return undefined
      },
    },
    limits,
  )
  return found
}

function readProperties(source: string | undefined, limits: ExtractLimits): DocumentProperties {
  const values = new Map<string, string>()
  let open = ''
  if (source !== undefined) {
    readNamespacedXml(
      source,
      {
        open({ name }) {
          open = name
          return undefined
        },
        close() {
          open = ''
        },
        text(text) {
          values.set(open, (values.get(open) ?? '') + text)
        },
      },
      limits,
    )
  }
  return {
    title: values.get('dc:title'),
    // Word parts several authors by semicolons.
    authors: values.get('dc:creator')?.split(';'),
    created: values.get('dcterms:created'),
    modified: values.get('dcterms:modified'),
    language: values.get('dc:language'),
    tags: [values.get('cp:keywords') ?? ''],
    subject: values.get('dc:subject'),
    description: values.get('dc:description'),
  }
}

/** A switch of Office Open XML: `1`, `true` or `on`. */
export function isOn(value: string | undefined): boolean {
  return value === '1' || value === 'true' || value === 'on'
}
