import type { ChangeInput } from '@upkeep/contract/change'
import type { FileState, PlannedEffect } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { FilesPort, Ports } from '@upkeep/contract/ports'
import type { AnyRemediation, FileEffect, Preview } from '@upkeep/contract/remediation'
import { printable } from '@upkeep/domain/printable'
import { sha256 } from '../kernel/sha256.ts'
import { refusal } from '../ports/files-refusal.ts'
import { type FileNow, fileNow, sameState, stateOf } from './file-state.ts'
import type { FileTo } from './write-file.ts'

/** What is asked for, worked out to the byte. `now` and `to` hold content and are never stored as they are. */
export interface WorkedOut {
  readonly effects: readonly PlannedEffect[]
  readonly files: readonly { path: string; now: FileNow; to: FileTo }[]
  readonly summary: readonly string[]
  readonly limits: readonly string[]
  readonly irreversible: readonly string[]
}

interface Draft {
  now: FileNow
  to: FileTo
  shown: string[]
}

/**
 * Works out several inputs as one change: each sees the files as those before it would leave them, and what several do to one file is one
 * effect. The same world gives the same result. An input that changes nothing adds nothing.
 *
 * @throws UserError `change-impossible` with the remediation's reason.
 */
export async function workOut(
  inputs: readonly ChangeInput[],
  { remediations, ports }: { remediations: readonly AnyRemediation[]; ports: Ports },
): Promise<WorkedOut> {
  const drafts = new Map<string, Draft>()
  const previews: Preview[] = []
  for (const input of inputs) {
    const remediation = remediations.find(({ makes }) => makes === input.kind)
    if (remediation === undefined) throw impossible(input, 'this version cannot make such a change')
    const seen: Ports = { ...ports, files: overlaid(ports.files, drafts) }
    const preview = await remediation.preview(input as never, seen)
    if (preview.state === 'unavailable') throw impossible(input, preview.reason)
    previews.push(preview)
    for (const effect of preview.effects) take(drafts, effect, input)
  }
  const files = [...drafts].map(([path, { now, to, shown }]) => ({ path, now, to, shown }))
  const changing = files.filter(({ now, to }) => !sameState(stateOf(now), stateAfter(to)))
  return {
    effects: changing.map(planned),
    files: changing.map(({ path, now, to }) => ({ path, now, to })),
    summary: distinct(previews.flatMap(({ summary }) => summary)),
    limits: distinct(previews.flatMap(({ limits }) => limits)),
    irreversible: distinct(previews.flatMap(({ irreversible }) => irreversible)),
  }
}

function take(drafts: Map<string, Draft>, effect: FileEffect, input: ChangeInput): void {
  const draft = drafts.get(effect.path) ?? begin(effect.path, input)
  draft.to = after(draft.to, effect.to)
  draft.shown.push(...effect.shown)
  drafts.set(effect.path, draft)
}

function begin(path: string, input: ChangeInput): Draft {
  const now = fileNow(path)
  if (now.state === 'unavailable') throw impossible(input, `${path}: ${now.reason}`)
  const to: FileTo = now.state === 'absent' ? now : { state: 'file', bytes: now.bytes, mode: now.mode }
  return { now, to, shown: [] }
}

const newMode = 0o600

function after(before: FileTo, to: FileEffect['to']): FileTo {
  if (to === 'absent') return { state: 'absent' }
  const was = before.state === 'file' ? before : { bytes: new Uint8Array(), mode: newMode }
  return {
    state: 'file',
    bytes: to.text === undefined ? (to.bytes ?? was.bytes) : Buffer.from(to.text, 'utf8'),
    mode: to.mode ?? was.mode,
  }
}

/** What a file will be, as a plan and a journal say it. */
export function stateAfter(to: FileTo): FileState {
  if (to.state === 'absent') return to
  const mode = (to.mode & 0o7777).toString(8).padStart(4, '0')
  return { state: 'file', digest: sha256(to.bytes), size: to.bytes.length, mode }
}

const maxShown = 400

function planned({ path, now, to, shown }: { path: string; now: FileNow; to: FileTo; shown: string[] }): PlannedEffect {
  const lines = shown.slice(0, maxShown).map((line) => printable(line, { maxLength: 1_900 }))
  return { kind: 'file', path, before: stateOf(now), after: stateAfter(to), shown: lines }
}

/** The files as they would be: what was worked out so far lies over what is there. */
function overlaid(files: FilesPort, drafts: ReadonlyMap<string, Draft>): FilesPort {
  return {
    ...files,
    read(path, maxBytes) {
      const draft = drafts.get(path)
      if (draft === undefined || draft.to === undefined) return files.read(path, maxBytes)
      if (draft.to.state === 'absent') return { state: 'absent' }
      if (draft.to.bytes.length > maxBytes) return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
      if (draft.now.state === 'absent') return { state: 'present', bytes: draft.to.bytes, facts: unborn(draft.to) }
      return { state: 'present', bytes: draft.to.bytes, facts: { ...draft.now.facts, mode: draft.to.mode } }
    },
  }
}

function unborn({ bytes, mode }: { bytes: Uint8Array; mode: number }) {
  const none = { uid: 0, gid: 0, inode: 0n, device: 0n, modifiedNs: 0n, changedNs: 0n }
  return { state: 'present' as const, type: 'file' as const, size: bytes.length, mode, ...none }
}

function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}

function impossible(input: ChangeInput, reason: string): UserError {
  return new UserError(
    'change-impossible',
    `${input.kind}: ${reason}.`,
    'Nothing was written. See what is there with "upkeep servers" and scan again.',
  )
}
