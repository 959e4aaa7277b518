import type { SourceCopy } from '@upkeep/contract/observations/server-source'
import { findSinks, type SinkReading } from '@upkeep/domain/static-code/find-sinks'
import { findSourceSecrets } from '@upkeep/domain/static-code/source-secrets'
import type { SourceLanguage } from '@upkeep/domain/static-code/syntax'
import type { CopyPlace } from './copy-places.ts'
import { type OwnFile, ownFiles, type SourceFiles } from './own-files.ts'

/** What reading a package's own files gives, whichever copy of it: the part that its digest decides. */
export type ReadCopy = Omit<SourceCopy, 'root' | 'folder' | 'package' | 'version' | 'digest'>

const maxFileBytes = 2 << 20
const maxAllBytes = 24 << 20
const maxListed = 20
const maxSinks = 100
const maxSecrets = 50
const maxTexts = 1_000
const maxUnread = 100
/** A copy that says more than this says it in code that is not its own. */
const maxTextUnits = 400_000

const languages: Readonly<Record<string, SourceLanguage>> = {
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  py: 'python',
}
const textual =
  /\.(?:[cm]?[jt]sx?|py|json|ya?ml|toml|env|ini|cfg|conf|sh|pem|key|txt|npmrc)$|(?:^|\/)\.(?:env|npmrc|pypirc)[^/]*$/

interface Reading extends ReadCopy {
  bytes: number
  units: number
}

/**
 * Reads the own files of a package: follows the arguments of its tools, and looks for tokens. What is too large or cannot be parsed is
 * listed as not looked at. Null when the time was up before the end.
 */
export async function readCopy(
  files: SourceFiles,
  place: CopyPlace,
  signal: { readonly aborted: boolean },
): Promise<ReadCopy | null> {
  const own = ownFiles(files, place.folder, place.starts)
  if (own.files.length === 0 && own.notLooked.length === 0)
    own.notLooked.push({
      path: shownPath(place.package),
      reason: 'none of its own files was found where it is installed',
    })
  const reading: Reading = {
    files: 0,
    handlers: 0,
    sinks: [],
    secrets: [],
    texts: [],
    textsUnread: [],
    notLooked: own.notLooked,
    notLookedMore: 0,
    bytes: 0,
    units: 0,
  }
  const wanted = own.files.filter((file) => textual.test(file.relative))
  for (const file of wanted) {
    readFile(files, file, reading)
    // Parsing keeps the process busy: the clock gets its turn after each file.
    await new Promise((next) => setImmediate(next))
    if (signal.aborted) return null
  }
  if (reading.files === 0) addUnparsed(own.files, reading)
  const { bytes: _, units: __, notLooked, ...rest } = reading
  return { ...rest, notLooked: notLooked.slice(0, maxListed), notLookedMore: Math.max(0, notLooked.length - maxListed) }
}

function readFile(files: SourceFiles, file: OwnFile, reading: Reading): void {
  const language = languages[file.relative.split('.').at(-1) ?? ''] ?? null
  const path = shownPath(file.relative)
  const text = textOf(files, file, reading)
  if (typeof text !== 'string') {
    if (language !== null) reading.notLooked.push({ path, reason: text.reason })
    return
  }
  const room = maxSecrets - reading.secrets.length
  for (const secret of findSourceSecrets(text).slice(0, room)) reading.secrets.push({ path, ...secret })
  if (language !== null) follow(text, language, path, reading)
}

function textOf(files: SourceFiles, file: OwnFile, reading: Reading): string | { reason: string } {
  if (file.size > maxFileBytes) return { reason: `larger than ${maxFileBytes >> 20} MB` }
  if (reading.bytes + file.size > maxAllBytes) return { reason: `after ${maxAllBytes >> 20} MB of the package` }
  const read = files.read(file.path, maxFileBytes)
  if (read.state !== 'present') return { reason: read.state === 'absent' ? 'gone while looking' : read.reason }
  reading.bytes += read.bytes.length
  return new TextDecoder().decode(read.bytes)
}

function follow(text: string, language: SourceLanguage, path: string, reading: Reading): void {
  const found = findSinks(text, language)
  if (found.state === 'refused') {
    reading.notLooked.push({ path, reason: found.reason })
    return
  }
  reading.files += 1
  reading.handlers += found.handlers
  addTexts(found, path, reading)
  for (const reason of found.problems) reading.notLooked.push({ path, reason })
  for (const { steps, sink, source, tool, ...reached } of found.reached) {
    if (reading.sinks.length >= maxSinks) break
    const way = steps.map(({ line, what }) => ({ line, what: what.toWellFormed() }))
    const names = {
      sink: sink.toWellFormed(),
      source: source.toWellFormed(),
      tool: tool?.slice(0, 120).toWellFormed() ?? null,
    }
    reading.sinks.push({ path, ...reached, ...names, steps: way })
  }
}

/** A text with a token in it is not kept, and counts as one that was not read. */
function addTexts({ texts, unread }: Extract<SinkReading, { state: 'read' }>, path: string, reading: Reading): void {
  const missed = (line: number) => {
    if (reading.textsUnread.length < maxUnread) reading.textsUnread.push({ path, line })
  }
  for (const line of unread) missed(line)
  for (const { line, where, tool, text } of texts) {
    reading.units += text.length
    const hasRoom = reading.texts.length < maxTexts && reading.units <= maxTextUnits
    const words = { where: where.toWellFormed(), tool: tool?.toWellFormed() ?? null, text: text.toWellFormed() }
    if (hasRoom && findSourceSecrets(text).length === 0) reading.texts.push({ path, line, ...words })
    else missed(line)
  }
}

/** A package of TypeScript alone, as bun and deno run it, has sources that are not parsed. */
function addUnparsed(all: readonly OwnFile[], reading: Reading): void {
  const other = all.filter((file) => /\.[cm]?tsx?$/.test(file.relative) && !/\.d\.[cm]?ts$/.test(file.relative))
  for (const file of other)
    reading.notLooked.push({ path: shownPath(file.relative), reason: 'TypeScript is not parsed' })
}

function shownPath(path: string): string {
  return path.slice(0, 300).toWellFormed()
}
