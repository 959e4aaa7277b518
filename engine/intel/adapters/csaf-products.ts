import { PackageURL } from 'packageurl-js'
import { z } from 'zod'
import type { KeptAdvisory } from '../feed-sink.ts'

/** A product that its document names by package URL: one version of it, or a range as `vers` writes it. */
export interface PurlProduct {
  ecosystem: 'npm' | 'PyPI'
  name: string
  version: string | null
  range: string | null
}

const maxDepth = 30
const maxNodes = 50_000
const Product = z.object({
  product_id: z.string().max(500),
  product_identification_helper: z.object({ purl: z.string().max(1_000).nullish() }).nullish(),
})
const Branch = z.object({
  category: z.string().max(100).nullish(),
  name: z.string().max(1_000).nullish(),
  product: Product.nullish(),
  branches: z.array(z.unknown()).max(maxNodes).nullish(),
})
const Tree = z.object({
  branches: z.array(z.unknown()).max(maxNodes).nullish(),
  full_product_names: z.array(Product).max(maxNodes).nullish(),
})

/** The products of a tree that have a package URL, by id; null when the tree passes its bounds. */
export function productsOf(value: unknown): Map<string, PurlProduct> | null {
  const tree = Tree.safeParse(value ?? {})
  const products = new Map<string, PurlProduct>()
  if (!tree.success) return products
  for (const product of tree.data.full_product_names ?? []) note(products, product, null)
  const open = (tree.data.branches ?? []).map((branch) => ({ branch, depth: 1 }))
  for (let next = open.pop(), seen = 1; next !== undefined; next = open.pop(), seen += 1) {
    if (next.depth > maxDepth || seen > maxNodes) return null
    const depth = next.depth + 1
    for (const branch of readBranch(products, next.branch)) open.push({ branch, depth })
  }
  return products
}

/** Notes the product of a branch and returns the branches below it. */
function readBranch(products: Map<string, PurlProduct>, value: unknown): unknown[] {
  const parsed = Branch.safeParse(value)
  if (!parsed.success) return []
  const { category, name, product, branches } = parsed.data
  if (product != null) note(products, product, category === 'product_version_range' ? (name ?? null) : null)
  return branches ?? []
}

function note(products: Map<string, PurlProduct>, product: z.infer<typeof Product>, range: string | null): void {
  const purl = product.product_identification_helper?.purl
  const read = purl == null ? null : readPurl(purl)
  if (read !== null) products.set(product.product_id, { ...read, range })
}

function readPurl(text: string): Omit<PurlProduct, 'range'> | null {
  try {
    const { type, namespace, name, version } = PackageURL.fromString(text)
    if (typeof name !== 'string' || (type !== 'npm' && type !== 'pypi')) return null
    const whole = namespace ? `${namespace}/${name}` : name
    return { ecosystem: type === 'npm' ? 'npm' : 'PyPI', name: whole, version: version ?? null }
  } catch {
    return null
  }
}

/** What a list of affected products comes to, in the form of an advisory. A product without a version or range says nothing of versions. */
export function affectedByPurl(products: readonly PurlProduct[]): KeptAdvisory['affected'] {
  return products.flatMap(({ ecosystem, name, version, range }) => {
    const ranges = range === null ? [] : rangesOf(range)
    const versions = version === null ? [] : [version]
    return ranges.length + versions.length === 0 ? [] : [{ ecosystem, name, ranges, versions }]
  })
}

type Range = KeptAdvisory['affected'][number]['ranges'][number]

/** A `vers` range as pairs of bounds; none when it holds anything but bounds in order. */
function rangesOf(text: string): Range[] {
  const bounds = /^vers:(?:npm|pypi|semver)\/(.{1,900})$/.exec(text)?.[1]
  if (bounds === undefined) return []
  const events: Range['events'] = []
  for (const part of bounds.split('|')) {
    const found = /^(>=|<=|<)([\w.+!-]{1,256})$/.exec(part.trim())
    if (found === null) return []
    const [, sign, version = ''] = found
    if (sign === '>=') events.push({ introduced: version })
    else {
      // A range that only ends begins with the first version.
      if (events.at(-1)?.introduced === undefined) events.push({ introduced: '0' })
      events.push(sign === '<' ? { fixed: version } : { lastAffected: version })
    }
  }
  return [{ type: 'ECOSYSTEM', events }]
}
