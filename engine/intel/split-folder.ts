import { setImmediate as nextTurn } from 'node:timers/promises'
import type { UnavailableCode } from '@upkeep/contract'
import type { FeedFile } from './blocks.ts'
import { feedFiles } from './feed-files.ts'
import type { FeedForm, FeedSink } from './feed-sink.ts'
import { readDocument } from './read-document.ts'
import { readOnce } from './read-once.ts'
import { isZip } from './zip-entries.ts'

/** One feed of those that lie in a folder. */
export interface FolderFeed {
  id: string
  files: FeedFile[]
  /** True for records that are kept together as one zip; false for a file that is a feed as it is. */
  packed: boolean
}

/** What a folder holds: feeds, each of one form, and files that are none, with the reason. */
export interface SplitFolder {
  feeds: FolderFeed[]
  left: { id: string; reason: string }[]
}

export interface SplitCall {
  id: string
  signal: { readonly aborted: boolean }
}

const maxRecordBytes = 8 << 20
const maxZipBytes = 1 << 30
const maxFileBytes = 64 << 20
const filesPerTurn = 1_000
/** Dates are judged when it is taken in. */
const anyDay = '9999'

/**
 * Tells the feeds in a folder apart by what its files hold. Records of one form belong together; every other file that can be read is a feed
 * of its own. A record that cannot be read stays with the largest group, where it is told and its silence counts for nothing.
 */
export async function splitFolder(
  path: string,
  { id, signal }: SplitCall,
): Promise<SplitFolder | { code: UnavailableCode; reason: string }> {
  const listed = feedFiles(path)
  if (listed.state !== 'present') return listed
  const [problem] = listed.problems
  if (problem !== undefined) return { code: 'malformed', reason: problem }
  const groups = new Map<FeedForm | null, FeedFile[]>()
  for (const [index, file] of listed.files.entries()) {
    if (index % filesPerTurn === 0) await nextTurn()
    if (signal.aborted) return { code: 'timed-out', reason: 'time was up before all of it was read' }
    const { form } = formOf(file, maxRecordBytes)
    const group = groups.get(form)
    if (group === undefined) groups.set(form, [file])
    else group.push(file)
  }
  const alone: FolderFeed[] = []
  const left: SplitFolder['left'] = []
  for (const file of listed.others) {
    const { form, reason } = formOf(file, maxZipBytes)
    if (form === null) left.push({ id: `${id}/${file.relative}`, reason })
    else alone.push({ id: `${id}/${file.relative}`, files: [file], packed: false })
  }
  return { feeds: [...asFeeds(groups, id, alone.length > 0), ...alone], left }
}

/** A folder that is one feed keeps its name; of several each has its form after it. */
function asFeeds(groups: Map<FeedForm | null, FeedFile[]>, id: string, besides: boolean): FolderFeed[] {
  const unreadable = groups.get(null) ?? []
  groups.delete(null)
  const forms = [...groups].sort(([, a], [, b]) => b.length - a.length)
  const [largest] = forms
  if (largest === undefined) return unreadable.length === 0 ? [] : [{ id, files: unreadable, packed: true }]
  largest[1].push(...unreadable)
  const only = forms.length === 1 && !besides
  return forms.map(([form, files]) => ({ id: only ? id : `${id}/${form}`, files, packed: true }))
}

function formOf(file: FeedFile, maxBytes: number): { form: FeedForm | null; reason: string } {
  const read = readOnce(file.path, maxBytes)
  if (read.state !== 'present') return { form: null, reason: read.state === 'absent' ? 'it is gone' : read.reason }
  // What a zip holds is told when it is taken in.
  if (isZip(read.bytes)) return { form: 'unknown', reason: '' }
  if (read.bytes.length > maxFileBytes) return { form: null, reason: `larger than ${maxFileBytes} bytes` }
  const reasons: string[] = []
  const form = readDocument(read.bytes, { name: file.relative, latest: anyDay }, onlyReasons(reasons))
  return { form, reason: reasons[0] ?? 'nothing in it could be read' }
}

/** Keeps nothing of what is read but why a document could not be. */
function onlyReasons(reasons: string[]): FeedSink {
  const nothing = () => {}
  return {
    advisory: nothing,
    statement: nothing,
    signal: nothing,
    indicator: nothing,
    quarantine: nothing,
    dated: nothing,
    problem: nothing,
    reject: (_record, reason) => reasons.push(reason),
  }
}
