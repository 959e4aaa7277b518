import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, parseAllDocuments } from 'yaml'
import { type RefusedEdit, refused } from '../client-edits/text-edit.ts'
import { readImage } from '../client-formats/package-spec.ts'
import { maxDepth } from '../client-formats/tree.ts'

/** A place where a Compose file or a Kubernetes manifest names an image. */
export interface ImagePlace {
  /** Where it stands, for a reader: `services.web.image`, of the second document `2: spec.containers.0.image`. */
  readonly at: string
  /** The reference as it reads; null where it is none that can be told: empty, a variable, an address with a secret. */
  readonly reference: ImageReference | null
  /** The stretch of the text that holds it, with its quotes; null where it is written elsewhere or in a form that is not edited. */
  readonly range: { readonly start: number; readonly end: number } | null
}

/** A reference, its digest apart. */
export interface ImageReference {
  readonly image: string
  readonly digest: string | null
}

const maxPlaces = 5_000
const maxNodes = 500_000
const podLists = new Set(['containers', 'initContainers', 'ephemeralContainers'])

/**
 * Every place that names an image: `services.*.image` of a Compose file, and the containers of whatever pods a manifest holds, in each of
 * its documents. What only looks like one elsewhere is none.
 */
export function imagePlaces(text: string): readonly ImagePlace[] | RefusedEdit {
  // Its own check for duplicate keys compares all pairs, which a hostile file turns into minutes.
  const documents = parseAllDocuments(text, { uniqueKeys: false, prettyErrors: false, logLevel: 'silent' })
  if (!Array.isArray(documents)) return []
  const walk: Walk = { text, places: [], left: maxNodes, several: documents.length > 1 }
  for (const [index, document] of documents.entries()) {
    if (document.errors.length > 0) return refused('malformed', 'it is not well formed YAML')
    const problem = inDocument(walk, document.contents, index)
    if (problem !== null) return problem
  }
  return walk.places
}

interface Walk {
  readonly text: string
  readonly places: ImagePlace[]
  left: number
  readonly several: boolean
}

type Step = string | number

function inDocument(walk: Walk, root: unknown, index: number): RefusedEdit | null {
  const head = walk.several ? `${index + 1}: ` : ''
  if (!isMap(root)) return null
  const keys = new Set(root.items.map(({ key }) => keyOf(key)))
  if (keys.has('apiVersion') && keys.has('kind')) return inManifest(walk, root, [], head)
  for (const service of valuesOf(root, 'services'))
    if (isMap(service))
      for (const { key, value } of service.items) {
        const problem = inHolder(walk, value, ['services', keyOf(key)], head)
        if (problem !== null) return problem
      }
  return null
}

/** Pods stand at many depths: in deployments, jobs, lists of manifests. */
function inManifest(walk: Walk, node: unknown, path: readonly Step[], head: string): RefusedEdit | null {
  walk.left -= 1
  if (walk.left < 0 || path.length > maxDepth) return refused('malformed', 'it holds too many values, or too deep ones')
  const members: (readonly [Step, unknown])[] = isMap(node)
    ? node.items.map(({ key, value }) => [keyOf(key), value])
    : isSeq(node)
      ? [...node.items.entries()]
      : []
  for (const [step, value] of members) {
    const problem =
      typeof step === 'string' && podLists.has(step) && isSeq(value)
        ? inList(walk, value.items, [...path, step], head)
        : inManifest(walk, value, [...path, step], head)
    if (problem !== null) return problem
  }
  return null
}

function inList(walk: Walk, items: readonly unknown[], path: readonly Step[], head: string): RefusedEdit | null {
  for (const [index, item] of items.entries()) {
    const problem = inHolder(walk, item, [...path, index], head)
    if (problem !== null) return problem
  }
  return null
}

/** What names an image under `image`. */
function inHolder(walk: Walk, holder: unknown, path: readonly Step[], head: string): RefusedEdit | null {
  const values = valuesOf(holder, 'image')
  if (values.length > 1) return refused('ambiguous', `${head}${path.join('.')} names its image twice`)
  if (values.length === 0) return null
  if (walk.places.length >= maxPlaces) return refused('malformed', 'it names too many images')
  const [value] = values
  walk.places.push({ at: `${head}${[...path, 'image'].join('.')}`, ...placeOf(walk.text, value) })
  return null
}

function placeOf(text: string, node: unknown): Pick<ImagePlace, 'reference' | 'range'> {
  if (!isScalar(node) || typeof node.value !== 'string') return { reference: null, range: null }
  const read = readImage(node.value)
  if (read === null) return { reference: null, range: null }
  const { digest } = read
  const image = digest === null ? node.value : node.value.slice(0, -digest.length - 1)
  return { reference: { image, digest }, range: rangeOf(text, node, node.value) }
}

/** Only where the text holds the very value, plain or in quotes, and nothing else refers to it. */
function rangeOf(text: string, node: Node & { anchor?: string | undefined }, value: string): ImagePlace['range'] {
  const [start, end] = node.range ?? []
  if (start === undefined || end === undefined || node.anchor !== undefined) return null
  const written = text.slice(start, end)
  return [value, `'${value}'`, `"${value}"`].includes(written) ? { start, end } : null
}

function valuesOf(node: unknown, name: string): unknown[] {
  if (!isMap(node)) return []
  const pairs: readonly Pair[] = node.items
  return pairs.flatMap(({ key, value }) => (keyOf(key) === name ? [isAlias(value) ? null : value] : []))
}

function keyOf(key: unknown): string {
  return isScalar(key) ? String(key.value) : ''
}
