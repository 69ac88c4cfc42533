import type { Node } from 'web-tree-sitter'
import type { SourceUnit } from './source-outline.js'

/** Deeper members are not told apart: what lies that deep is never a passage of its own. */
const MAX_DEPTH = 6
const MAX_NAME_CHARS = 80

/** What has a name of its own, by the node types of tree-sitter's grammars; they agree well enough for one set. */
const DEFINITIONS = words(`
  function_declaration function_definition function_item function_signature_item generator_function_declaration
  local_function_definition_statement function_definition_statement local_function_statement function_statement
  method method_definition method_declaration method_signature singleton_method constructor_declaration
  destructor_declaration init_declaration deinit_declaration constructor_definition modifier_definition
  class_declaration abstract_class_declaration class_definition class_specifier class_interface
  class_implementation singleton_class mixin_declaration extension_declaration companion_object
  interface_declaration protocol_declaration trait_declaration trait_definition trait_item impl_item
  struct_declaration struct_item struct_specifier union_item union_specifier record_declaration
  object_declaration object_definition enum_declaration enum_item enum_specifier enum_definition
  type_alias_declaration type_declaration type_definition type_item alias_declaration annotation_type_declaration
  namespace_declaration namespace_definition internal_module module mod_item macro_definition
  contract_declaration library_declaration delegate_declaration
`)

/** Named by what they assign to, when that is a function or goes over several lines. */
const ASSIGNMENTS = words(`
  lexical_declaration variable_declaration const_declaration var_declaration const_item static_item
  public_field_definition field_definition assignment assignment_expression property_declaration val_definition
`)
const FUNCTION_VALUES = words('arrow_function function_expression function generator_function class lambda')
/** Stand around a definition and belong to it. */
const WRAPPERS = words(
  'export_statement decorated_definition template_declaration ambient_declaration expression_statement',
)
/** Of no account by themselves: what is in them stands on their level. */
const TRANSPARENT = words(
  'file_scoped_namespace_declaration linkage_specification preproc_if preproc_ifdef preproc_else preproc_elif ERROR',
)
const PRELUDES = words(
  'comment line_comment block_comment multiline_comment doc_comment attribute_item attribute_list decorator annotation',
)
const BODIES = /^(?:.*_)?(?:body|block|declaration_list|body_statement|implementation_definition)$/
const KEYWORDS = words(
  'class interface struct enum union trait protocol extension object record namespace module mod contract library type',
)

/** The units of a syntax tree, a level at a time as far as they nest. Rows are those of the source's lines. */
export function outlineCode(root: Node): SourceUnit[] {
  return unitsIn(root, 1)
}

function unitsIn(parent: Node, depth: number): SourceUnit[] {
  return namedChildren(parent).flatMap((node) =>
    TRANSPARENT.has(node.type) && depth < MAX_DEPTH
      ? unitsIn(bodyOf(node) ?? node, depth + 1)
      : [unitOf(node, depth)],
  )
}

function unitOf(node: Node, depth: number): SourceUnit {
  const place = linesOf(node)
  if (PRELUDES.has(node.type)) return { ...place, isPrelude: true }
  const definition = definitionIn(node)
  if (definition === undefined) return place
  const name = nameOf(definition)
  if (name === undefined || isWholeFile(definition)) return place
  const body = depth < MAX_DEPTH ? bodyOf(definition) : undefined
  return { ...place, name, ...(body === undefined ? {} : { members: unitsIn(body, depth + 1) }) }
}

/** PHP's `namespace A;` names what follows it, up to the end. */
function isWholeFile(definition: Node): boolean {
  return definition.type === 'namespace_definition' && definition.childForFieldName('body') === null
}

/** The node itself, or what it wraps, that has a name. */
function definitionIn(node: Node): Node | undefined {
  if (DEFINITIONS.has(node.type)) return node
  if (ASSIGNMENTS.has(node.type)) return isWorthNaming(node) ? node : undefined
  if (node.type === 'call_expression' || node.type === 'call') return isNamedCall(node) ? node : undefined
  if (!WRAPPERS.has(node.type)) return undefined
  for (const inner of namedChildren(node).toReversed()) {
    const found = definitionIn(inner)
    if (found !== undefined) return found
  }
  return undefined
}

function isWorthNaming(node: Node): boolean {
  const { first, last } = linesOf(node)
  return last > first || assignedValue(node) !== undefined
}

/** The function or class that is assigned. */
function assignedValue(node: Node): Node | undefined {
  const declarator = namedChildren(node).find(({ type }) => type === 'variable_declarator') ?? node
  const value = declarator.childForFieldName('value') ?? declarator.childForFieldName('right')
  return value !== null && FUNCTION_VALUES.has(value.type) ? value : undefined
}

/** `describe('the door', () => {...})`: tests and routes are calls with a text and a function. */
function isNamedCall(node: Node): boolean {
  const { first, last } = linesOf(node)
  return last > first && textArgument(node) !== undefined && callbackOf(node) !== undefined
}

function textArgument(call: Node): Node | undefined {
  const [argument] = namedChildren(call.childForFieldName('arguments'))
  return argument !== undefined && /string|symbol/.test(argument.type) ? argument : undefined
}

function callbackOf(call: Node): Node | undefined {
  const callback = namedChildren(call.childForFieldName('arguments')).findLast(({ type }) =>
    FUNCTION_VALUES.has(type),
  )
  return callback ?? call.childForFieldName('block') ?? undefined
}

/** Where the parts of a definition stand. */
function bodyOf(node: Node): Node | undefined {
  if (node.type === 'call_expression' || node.type === 'call') return bodyIn(callbackOf(node))
  return bodyIn(assignedValue(node)) ?? bodyIn(node)
}

function bodyIn(node: Node | undefined): Node | undefined {
  if (node === undefined) return undefined
  const body = node.childForFieldName('body')
  if (body !== null) return body
  const children = namedChildren(node)
  return children.find(({ type }) => BODIES.test(type)) ?? (node.type === 'do_block' ? node : undefined)
}

/** As a reader would call it: `class Door`, `open`, `impl Display for Door`, `Server.Listen`. */
function nameOf(node: Node): string | undefined {
  if (node.type === 'impl_item') return textBefore(node, node.childForFieldName('body'))
  if (node.type === 'call_expression' || node.type === 'call') {
    const called = node.childForFieldName('function') ?? node.childForFieldName('method')
    return shorten(
      `${called?.text ?? ''} ${unquote(textArgument(node)?.text.slice(0, MAX_NAME_CHARS) ?? '')}`,
    )
  }
  const name = identifierOf(node)
  if (name === undefined) return undefined
  const receiver = node.childForFieldName('receiver')
  if (receiver !== null) return `${receivedType(receiver)}.${name}`
  const keyword = keywordOf(node)
  return shorten(keyword === undefined ? name : `${keyword} ${name}`)
}

/** `Door` of Go's `(d *Door[T])`. */
function receivedType(receiver: Node): string {
  const [declared = ''] = receiver.text.slice(0, MAX_NAME_CHARS).split('[')
  return declared.match(/\w+/g)?.at(-1) ?? ''
}

/** `class` of a class; a Swift `class_declaration` may be a struct, so that the word itself is looked for. */
function keywordOf(node: Node): string | undefined {
  for (let i = 0; i < Math.min(node.childCount, 8); i++) {
    const child = node.child(i)
    if (child !== null && !child.isNamed && KEYWORDS.has(child.type)) return child.type
  }
  return undefined
}

function identifierOf(node: Node): string | undefined {
  const name =
    node.childForFieldName('name') ?? node.childForFieldName('left') ?? node.childForFieldName('property')
  if (name !== null) return shorten(name.text)
  const declarator = node.childForFieldName('declarator')
  if (declarator !== null) return declaredName(declarator)
  const children = namedChildren(node)
  const inner = children.find(({ type }) =>
    /^(?:variable_declarator|variable_declaration|\w+_spec)$/.test(type),
  )
  if (inner !== undefined) return identifierOf(inner)
  const identifier = children.find(({ type }) => /identifier$|^(?:constant|name|word|pattern)$/.test(type))
  return identifier === undefined ? undefined : shorten(identifier.text)
}

/** C wraps the name into what is declared of it: `*(*name)(int)`. */
function declaredName(declarator: Node): string | undefined {
  let node = declarator
  for (let depth = 0; depth < 20; depth++) {
    const inner =
      node.childForFieldName('declarator') ?? namedChildren(node).find(({ type }) => /declarator$/.test(type))
    if (inner === undefined || inner === null) break
    node = inner
  }
  return shorten(node.text)
}

function textBefore(node: Node, body: Node | null): string | undefined {
  const length = body === null ? MAX_NAME_CHARS : body.startIndex - node.startIndex
  return shorten(node.text.slice(0, length))
}

function shorten(text: string): string | undefined {
  const line = text
    .slice(0, MAX_NAME_CHARS * 2)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MAX_NAME_CHARS)
  return line === '' ? undefined : line
}

function unquote(text: string): string {
  return text.replace(/^[\s"'`:]+|["'`]+$/g, '')
}

/** Lines from 0. A node that takes the line break with it ends at the start of the next line. */
function linesOf({ startPosition, endPosition }: Node): { readonly first: number; readonly last: number } {
  const last = endPosition.column === 0 ? endPosition.row - 1 : endPosition.row
  return { first: startPosition.row, last: Math.max(startPosition.row, last) }
}

function namedChildren(node: Node | null): Node[] {
  return node === null ? [] : node.namedChildren.filter((child): child is Node => child !== null)
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/))
}
