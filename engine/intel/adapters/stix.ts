import { z } from 'zod'
import type { FeedSink, ReadContext } from '../feed-sink.ts'
import { hostileRecord } from '../hostile-record.ts'
import { putIndicator } from './indicators.ts'

const maxObjects = 200_000
/** The parts of a STIX 2.1 bundle that are used. */
const Bundle = z.object({ id: z.string().max(200), objects: z.array(z.unknown()).max(maxObjects) })
const Kind = z.object({ type: z.string().max(200) })
const IndicatorObject = z.object({
  id: z.string().regex(/^indicator--[0-9a-f-]{36}$/),
  spec_version: z.literal('2.1').optional(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  modified: z.string().max(64),
  valid_until: z.string().max(64).nullish(),
  revoked: z.boolean().nullish(),
  pattern: z.string().max(20_000),
  pattern_type: z.string().max(50),
})

const comparison = /^([a-z0-9-]{1,40}):([A-Za-z0-9_.'-]{1,60})\s{0,9}=\s{0,9}'([^'\\]{1,2000})'$/

/** True for a document that says it is a bundle. */
export function isStix(value: object): boolean {
  return 'type' in value && value.type === 'bundle' && 'objects' in value
}

/** Reads the indicators of a STIX bundle whose patterns are lists of values; one that combines conditions is rejected by its id. */
export function readStix(value: unknown, context: ReadContext, sink: FeedSink): void {
  const parsed = Bundle.safeParse(value)
  if (!parsed.success) {
    sink.problem('not a bundle of STIX 2.1')
    return
  }
  for (const [index, object] of parsed.data.objects.entries()) {
    const kind = Kind.safeParse(object)
    if (!kind.success) sink.reject(`object ${index}`, 'it has no type')
    else if (kind.data.type === 'indicator') readIndicator(object, index, context, sink)
  }
}

function readIndicator(value: unknown, index: number, { latest }: ReadContext, sink: FeedSink): void {
  const parsed = IndicatorObject.safeParse(value)
  if (!parsed.success) {
    sink.reject(`object ${index}`, `not an indicator: ${parsed.error.issues[0]?.path.join('.') ?? ''}`)
    return
  }
  const { id, name, description, modified, pattern, pattern_type, revoked } = parsed.data
  const says = name ?? description ?? ''
  const hostile = hostileRecord({ shown: [says], details: [description ?? ''], dates: [modified] }, latest)
  if (hostile !== null) {
    sink.quarantine(id, hostile.reason, hostile.until)
    return
  }
  sink.dated(modified)
  if (revoked === true) return
  const values = pattern_type === 'stix' ? valuesOf(pattern) : null
  if (values === null) {
    sink.reject(id, 'its pattern is more than a list of values')
    return
  }
  for (const one of values) putIndicator({ ...one, says, record: id }, sink)
}

interface Compared {
  word: string
  value: string
}

/** The values of a pattern that is nothing but equalities joined by OR; null for any other. */
function valuesOf(pattern: string): Compared[] | null {
  const inner = /^\s{0,9}\[([^[\]]{1,20000})\]\s{0,9}$/.exec(pattern)?.[1]
  if (inner === undefined) return null
  const values: Compared[] = []
  for (const part of inner.split(' OR ')) {
    const found = comparison.exec(part.trim())
    const word = found === null ? null : wordOf(found[1] ?? '', found[2] ?? '', found[3] ?? '')
    if (found === null || word === null) return null
    values.push({ word, value: found[3] ?? '' })
  }
  return values
}

function wordOf(object: string, property: string, value: string): string | null {
  if (value.startsWith('pkg:')) return 'package'
  if (object === 'file') return property === "hashes.'SHA-256'" ? 'sha256' : null
  return property === 'value' ? object : null
}
