import { osvSeverity } from '@upkeep/domain/osv-severity'
import { z } from 'zod'
import type { FeedSink, KeptAdvisory, ReadContext } from '../feed-sink.ts'
import { hostileRecord } from '../hostile-record.ts'
import { affectedByPurl, type PurlProduct, productsOf } from './csaf-products.ts'

const ids = z.array(z.string().max(500)).max(20_000).nullish()
const Vulnerability = z.object({
  cve: z
    .string()
    .regex(/^CVE-\d{4}-\d{4,19}$/)
    .nullish(),
  title: z.string().nullish(),
  notes: z
    .array(z.object({ text: z.string() }))
    .max(100)
    .nullish(),
  product_status: z.object({ known_affected: ids, fixed: ids }).nullish(),
  scores: z
    .array(
      z.object({
        cvss_v3: z.object({ vectorString: z.string().max(300), baseSeverity: z.string().max(20).nullish() }).nullish(),
      }),
    )
    .max(100)
    .nullish(),
})
/** The parts of a CSAF 2.0 document that are used. */
const Document = z.object({
  document: z.object({
    csaf_version: z.literal('2.0'),
    title: z.string().max(2_000),
    tracking: z.object({
      id: z.string().regex(/^[\w.:-][\w.: -]{0,198}$/),
      current_release_date: z.string().max(64),
      status: z.enum(['draft', 'interim', 'final']),
    }),
  }),
  product_tree: z.unknown(),
  vulnerabilities: z.array(Vulnerability).max(5_000).nullish(),
})

/** True for a document that says it is CSAF. */
export function isCsaf(value: object): boolean {
  if (!('document' in value) || typeof value.document !== 'object' || value.document === null) return false
  return 'csaf_version' in value.document
}

/** Reads a CSAF 2.0 document: each vulnerability with the packages that its product tree names by package URL. */
export function readCsaf(value: unknown, context: ReadContext, sink: FeedSink): void {
  const parsed = Document.safeParse(value)
  if (!parsed.success) {
    const where = parsed.error.issues[0]?.path.join('.') ?? ''
    sink.reject(context.name, `not a CSAF 2.0 document: ${where.slice(0, 100)}`)
    return
  }
  const { document, product_tree, vulnerabilities } = parsed.data
  const released = Date.parse(document.tracking.current_release_date)
  if (Number.isNaN(released)) {
    sink.reject(context.name, 'it has no date of release')
    return
  }
  const modified = `${new Date(released).toISOString().slice(0, 19)}Z`
  const products = productsOf(product_tree)
  if (products === null) {
    sink.reject(context.name, 'its product tree is too deep or too large')
    return
  }
  const texts = (vulnerabilities ?? []).map(({ title, notes }) => [title ?? '', (notes ?? []).map((one) => one.text)])
  const shown = [document.title, ...texts.flatMap(([title]) => title ?? '').map(String)]
  const hostile = hostileRecord(
    { shown, details: texts.flatMap(([, notes]) => notes ?? []), dates: [modified] },
    context.latest,
  )
  if (hostile !== null) {
    sink.quarantine(context.name, hostile.reason, hostile.until)
    return
  }
  sink.dated(modified)
  for (const [index, one] of (vulnerabilities ?? []).entries()) {
    put({ id: document.tracking.id, title: document.title, modified, products }, one, index, sink)
  }
}

interface About {
  id: string
  title: string
  modified: string
  products: ReadonlyMap<string, PurlProduct>
}

function put(about: About, one: z.infer<typeof Vulnerability>, index: number, sink: FeedSink): void {
  const id = `${about.id.replaceAll(' ', '-')}${index === 0 ? '' : `:${index + 1}`}`
  const named = (which: readonly string[] | null | undefined) =>
    (which ?? []).flatMap((name) => about.products.get(name) ?? [])
  const vectors = (one.scores ?? []).flatMap((score) => score.cvss_v3 ?? [])
  const severity = osvSeverity(
    vectors[0]?.baseSeverity,
    vectors.map((cvss) => cvss.vectorString),
  )
  const summary = (one.title || about.title).slice(0, 500)
  const aliases = one.cve == null ? [] : [one.cve]
  const affected: KeptAdvisory['affected'] = affectedByPurl(named(one.product_status?.known_affected))
  if (affected.length > 0) {
    const rest = {
      aliases,
      summary,
      severity,
      modified: about.modified,
      withdrawn: null,
      malicious: false,
      references: [],
    }
    sink.advisory({ id, ...rest, affected })
    return
  }
  const fixed = named(one.product_status?.fixed).flatMap((product) => product.version ?? [])
  sink.statement([id, ...aliases], { record: id, severity, fixed, summary })
}
