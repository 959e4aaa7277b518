import { gunzipSync } from 'node:zlib'
import { isCsaf, readCsaf } from './adapters/csaf.ts'
import { isCve, readCve } from './adapters/cve.ts'
import { isEpss, readEpss } from './adapters/epss.ts'
import { isIndicatorTable, readIndicatorTable } from './adapters/indicators.ts'
import { isKev, readKev } from './adapters/kev.ts'
import { readOsv } from './adapters/osv.ts'
import { isStix, readStix } from './adapters/stix.ts'
import type { FeedForm, FeedSink, ReadContext } from './feed-sink.ts'
import { isTooDeep } from './json-depth.ts'

/** The most that a packed file may unpack to. */
export const maxUnpackedBytes = 256 << 20
const maxDepth = 64
const decoder = new TextDecoder('utf-8', { fatal: true })

const jsonForms: readonly { form: FeedForm; is(value: object): boolean; read: typeof readOsv }[] = [
  { form: 'cve', is: isCve, read: readCve },
  { form: 'kev', is: isKev, read: readKev },
  { form: 'stix', is: isStix, read: readStix },
  { form: 'csaf', is: isCsaf, read: readCsaf },
]

/** Reads one document of a feed into the sink, whatever form its content shows. The form is null when nothing could be read of it. */
export function readDocument(bytes: Buffer, context: ReadContext, sink: FeedSink): FeedForm | null {
  const plain = isGzip(bytes) ? unpack(bytes) : bytes
  if (plain === null) {
    sink.reject(context.name, 'packed, and damaged or too large when unpacked')
    return null
  }
  const text = decode(plain)
  if (text === null) {
    sink.reject(context.name, 'not JSON in UTF-8')
    return null
  }
  const first = text.charCodeAt(firstInk(text))
  if (first === 0x7b || first === 0x5b) return readJson(plain, text, context, sink)
  return readTable(text, context, sink)
}

function readTable(text: string, context: ReadContext, sink: FeedSink): FeedForm | null {
  const head = text.slice(0, 2_000)
  if (isEpss(head)) {
    readEpss(text, context, sink)
    return 'epss'
  }
  if (isIndicatorTable(head)) {
    readIndicatorTable(text, context, sink)
    return 'indicators'
  }
  sink.reject(context.name, 'neither JSON nor a table that is known')
  return null
}

function readJson(bytes: Buffer, text: string, context: ReadContext, sink: FeedSink): FeedForm | null {
  if (isTooDeep(bytes, maxDepth)) {
    sink.reject(context.name, `nested more than ${maxDepth} deep`)
    return null
  }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's message would quote the text.
    sink.reject(context.name, 'not JSON in UTF-8')
    return null
  }
  if (!Array.isArray(value)) return readValue(value, context, sink)
  const forms = value.map((one, index) => readValue(one, { ...context, name: `record ${index}` }, sink))
  return forms.find((form) => form !== null) ?? null
}

/** Reads a value that is parsed already. */
function readValue(value: unknown, context: ReadContext, sink: FeedSink): FeedForm {
  const object = typeof value === 'object' && value !== null ? value : {}
  const known = jsonForms.find((one) => one.is(object))
  if (known === undefined) readOsv(value, context, sink)
  else known.read(value, context, sink)
  return known?.form ?? 'osv'
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

function unpack(bytes: Buffer): Buffer | null {
  try {
    return gunzipSync(bytes, { maxOutputLength: maxUnpackedBytes })
  } catch {
    return null
  }
}

function decode(bytes: Buffer): string | null {
  try {
    return decoder.decode(bytes)
  } catch {
    return null
  }
}

function firstInk(text: string): number {
  let at = 0
  while (at < text.length && ' \t\r\n'.includes(text[at] ?? '')) at += 1
  return at
}
