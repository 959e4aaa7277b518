import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml'
import { lineAndColumn, maxDepth, maxProblems, type Parsed, type Problem, refusal, type Tree } from './tree.ts'

/** Aliases may repeat what they name: at most so many values come of one document, so that a small file cannot become a large one. */
const maxValues = 200_000

export interface YamlDocument {
  document: Document.Parsed
  lines: LineCounter
}

/** Parses one YAML document; merge keys and custom tags mean nothing. */
export function parseYaml(text: string): Parsed {
  const parsed = readYaml(text)
  return 'state' in parsed ? parsed : yamlTree(parsed)
}

/** The document with its positions, or why it could not be parsed. The parser's messages quote the text: only positions are passed on. */
export function readYaml(text: string): YamlDocument | Extract<Parsed, { state: 'refused' }> {
  const lines = new LineCounter()
  // Its own check for duplicate keys compares all pairs, which a hostile file turns into minutes; ours is in `yamlTree`.
  const document = parseDocument(text, {
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    lineCounter: lines,
  })
  const error = document.errors[0]
  if (error === undefined) return { document, lines }
  if (error.code === 'RESOURCE_EXHAUSTION' || error.message.includes('call stack')) {
    return { state: 'refused', code: 'too-deep', reason: `values are nested deeper than ${maxDepth}` }
  }
  const { line, col } = lines.linePos(error.pos[0])
  return { state: 'refused', code: 'malformed', reason: `not well formed YAML, ${lineAndColumn(line, col)}` }
}

interface Walk {
  lines: LineCounter
  anchors: Map<string, Node>
  problems: Problem[]
  values: number
}

class Refused extends Error {
  readonly parsed: Parsed
  constructor(parsed: Parsed) {
    super('refused')
    this.parsed = parsed
  }
}

/** The tree of a document, aliases put in place within a bound. */
export function yamlTree({ document, lines }: YamlDocument): Parsed {
  const walk: Walk = { lines, anchors: new Map(), problems: [], values: 0 }
  try {
    const tree = document.contents === null ? new Map<string, Tree>() : treeOf(walk, document.contents, 0)
    return { state: 'parsed', tree, problems: walk.problems }
  } catch (thrown) {
    if (thrown instanceof Refused) return thrown.parsed
    throw thrown
  }
}

function treeOf(walk: Walk, node: unknown, depth: number): Tree {
  walk.values += 1
  if (walk.values > maxValues) throw new Refused(refusal('too-large', `more than ${maxValues} values, aliases counted`))
  if (depth > maxDepth) throw new Refused(refusal('too-deep', `values are nested deeper than ${maxDepth}`))
  if (isAlias(node)) return aliased(walk, node.source, depth)
  if (isMap(node)) {
    anchor(walk, node)
    return mapOf(walk, node.items, depth)
  }
  if (isSeq(node)) {
    anchor(walk, node)
    return node.items.map((each) => treeOf(walk, each, depth + 1))
  }
  if (!isScalar(node)) return null
  anchor(walk, node)
  return scalarOf(node.value)
}

/** An anchor counts from where it stands: the latest one before an alias is meant. */
function anchor(walk: Walk, node: Node & { anchor?: string | undefined }): void {
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
}

function aliased(walk: Walk, source: string, depth: number): Tree {
  const node = walk.anchors.get(source)
  return node === undefined ? null : treeOf(walk, node, depth + 1)
}

function mapOf(walk: Walk, items: readonly { key: unknown; value: unknown }[], depth: number): Tree {
  const map = new Map<string, Tree>()
  for (const { key, value } of items) {
    const name = treeOf(walk, key, depth + 1)
    const text = typeof name === 'string' ? name : String(name)
    if (map.has(text)) report(walk, key, 'a key that stands twice in one map; the last one counts')
    map.set(text, treeOf(walk, value, depth + 1))
  }
  return map
}

function report(walk: Walk, key: unknown, problem: string): void {
  if (walk.problems.length >= maxProblems || !isScalar(key)) return
  const { line, col } = walk.lines.linePos(key.range?.[0] ?? 0)
  walk.problems.push({ at: lineAndColumn(line, col), problem })
}

function scalarOf(value: unknown): Tree {
  if (value === null || value === undefined) return null
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return String(value)
}
