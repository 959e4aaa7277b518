import type { ChangeInput } from '@upkeep/contract/change'
import type { FileState, PlannedEffect } from '@upkeep/contract/change-plan'
import { UserError } from '@upkeep/contract/errors'
import type { FilesPort, Ports, Refusal } from '@upkeep/contract/ports'
import type { AnyRemediation, Effect, FileEffect, Preview } from '@upkeep/contract/remediation'
import { untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { printable } from '@upkeep/domain/printable'
import { sha256 } from '../kernel/sha256.ts'
import { refusal } from '../ports/files-refusal.ts'
import { type FileNow, fileNow, sameState, stateOf } from './file-state.ts'
import {
  askedGateways,
  type GatewayDraft,
  gatewayLimits,
  notGivenBack,
  takeInGateway,
  type WorkedEntry,
  workedEntries,
} from './plan-gateway.ts'
import { overlaidStores, type SecretDrafts, takeSecret, type WorkedSecret, workedSecrets } from './plan-secrets.ts'
import type { FileTo } from './write-file.ts'

/** What is asked for, worked out to the byte. `now`, `to` and `bytes` hold content and are never stored as they are. */
export interface WorkedOut {
  readonly effects: readonly PlannedEffect[]
  /** The files as they are and as they shall be once the change is in force. */
  readonly files: readonly WorkedFile[]
  /** The servers of gateways, as one text by address, as the change would leave them. */
  readonly documents: ReadonlyMap<string, string>
  /** What is kept for making the change and for taking it back, by the names under which it is looked for. */
  readonly keeps: readonly { name: string; bytes: Uint8Array }[]
  readonly summary: readonly string[]
  readonly limits: readonly string[]
  readonly irreversible: readonly string[]
}

export interface WorkedFile {
  readonly path: string
  readonly now: FileNow
  readonly to: FileTo
}

/** What is worked out is worked out from this: the files as they lie there, or as a commit has them. */
export interface Ground {
  readonly files: FilesPort
  now(path: string): FileNow | Refusal
  /** The gateways whose servers are to be changed, by the address at which they were asked. */
  readonly gateways: ReadonlyMap<string, GatewayDraft>
}

/** What units need for it. */
export interface Hands {
  readonly remediations: readonly AnyRemediation[]
  readonly ports: Ports
}

interface Draft {
  now: FileNow
  to: FileTo
  shown: string[]
}

/** What inputs come to on some ground, before it is decided how it is put in force. */
export interface Drafted extends Pick<WorkedOut, 'summary' | 'limits' | 'irreversible'> {
  readonly files: readonly (WorkedFile & { shown: readonly string[] })[]
  readonly entries: readonly WorkedEntry[]
  readonly stored: readonly WorkedSecret[]
}

/** Works out a change of files as they lie there, and of gateways as they answer now. The same world gives the same result. */
export async function workOutFiles(inputs: readonly ChangeInput[], hands: Hands): Promise<WorkedOut> {
  const asked = await askedGateways(inputs, hands.ports)
  if (asked.state === 'unavailable') throw notAsked(asked)
  const gateways = asked.drafts
  const drafted = await draftInputs(inputs, hands, { files: hands.ports.files, now: fileNow, gateways })
  const { entries, stored, files } = drafted
  const contents = [...entries.map(entryContents), ...stored.map(secretContents), ...files.map(fileContents)]
  return {
    ...drafted,
    // What others answer for comes first: where they do not answer, nothing is written yet. A file loses a secret only once its store has it.
    effects: [...entries.map(({ effect }) => effect), ...stored.map(({ effect }) => effect), ...files.map(planned)],
    documents: new Map([...gateways].map(([address, { text }]) => [address, text])),
    keeps: contents.flatMap(({ before, after }, index) => [
      ...(before === null ? [] : [{ name: `${index}-before`, bytes: before }]),
      ...(after === null ? [] : [{ name: `${index}-after`, bytes: after }]),
    ]),
  }
}

interface Contents {
  before: Uint8Array | null
  after: Uint8Array | null
}

function entryContents({ before, after }: WorkedEntry): Contents {
  const bytesOf = (entry: WorkedEntry['before']) => (entry === null ? null : Buffer.from(JSON.stringify(entry), 'utf8'))
  return { before: bytesOf(before), after: bytesOf(after) }
}

function secretContents({ secret }: WorkedSecret): Contents {
  return { before: null, after: Buffer.from(secret, 'utf8') }
}

function fileContents({ now, to }: WorkedFile): Contents {
  return { before: now.state === 'file' ? now.bytes : null, after: to.state === 'file' ? to.bytes : null }
}

/**
 * Works out several inputs as one change: each sees the files as those before it would leave them, and what several do to one file is one
 * effect. An input that changes nothing adds nothing.
 *
 * @throws UserError `change-impossible` with the remediation's reason.
 */
export async function draftInputs(
  inputs: readonly ChangeInput[],
  { remediations, ports }: Hands,
  ground: Ground,
): Promise<Drafted> {
  const drafts = new Map<string, Draft>()
  const secrets: SecretDrafts = new Map()
  const secretStores = overlaidStores(ports, secrets)
  const previews: Preview[] = []
  for (const input of inputs) {
    const remediation = remediations.find(({ makes }) => makes === input.kind)
    if (remediation === undefined) throw impossible(input, 'this version cannot make such a change')
    const seen: Ports = { ...ports, secretStores, files: overlaid(ground.files, drafts, ground.gateways) }
    const preview = await remediation.preview(input as never, seen)
    if (preview.state === 'unavailable') throw impossible(input, preview.reason)
    previews.push(ground.gateways.has(input.path) ? withoutClient(preview) : preview)
    for (const effect of preview.effects) take({ drafts, secrets }, effect, input, ground)
  }
  const files = [...drafts].map(([path, { now, to, shown }]) => ({ path, now, to, shown: shownLines(shown) }))
  const entries = [...ground.gateways].map(([address, draft]) => entriesOf(address, draft, ports))
  const worked = entries.flatMap((one) => one.worked)
  return {
    entries: worked,
    stored: await storedOf(secrets, ports),
    files: files.filter(({ now, to }) => !sameState(stateOf(now), stateAfter(to))),
    summary: distinct(previews.flatMap(({ summary }) => summary)),
    limits: distinct([...previews.flatMap(({ limits }) => limits), ...gatewayLimits(worked)]),
    irreversible: distinct([
      ...previews.flatMap(({ irreversible }) => irreversible),
      ...entries.flatMap(({ lost }) => lost),
    ]),
  }
}

/** No client has to be started again for what a gateway does. */
function withoutClient(preview: Preview): Preview {
  return { ...preview, limits: preview.limits.filter((line) => line !== untilRestarted) }
}

function entriesOf(
  address: string,
  draft: GatewayDraft,
  { secrets }: Ports,
): { worked: readonly WorkedEntry[]; lost: string[] } {
  const worked = workedEntries(address, draft, secrets.fingerprint)
  if (typeof worked === 'string') throw impossible({ kind: 'a change of a gateway' }, `${address}: ${worked}`)
  return { worked, lost: notGivenBack(draft.servers, worked) }
}

async function storedOf(secrets: SecretDrafts, ports: Ports): Promise<readonly WorkedSecret[]> {
  const worked = await workedSecrets(secrets, ports)
  if (typeof worked === 'string') throw impossible({ kind: 'move-secret' }, worked)
  return worked
}

type Taken = { drafts: Map<string, Draft>; secrets: SecretDrafts }

function take({ drafts, secrets }: Taken, effect: Effect, input: ChangeInput, ground: Ground): void {
  if (effect.kind === 'stored-secret') {
    const refused = takeSecret(secrets, effect)
    if (refused !== null) throw impossible(input, `${effect.reference}: ${refused}`)
    return
  }
  const gateway = ground.gateways.get(effect.path)
  if (gateway !== undefined) {
    const refused = takeInGateway(gateway, effect, 'server' in input ? input.server : '')
    if (refused !== null) throw impossible(input, `${effect.path}: ${refused}`)
    return
  }
  const draft = drafts.get(effect.path) ?? begin(effect.path, input, ground)
  draft.to = after(draft.to, effect.to)
  draft.shown.push(...effect.shown)
  drafts.set(effect.path, draft)
}

function begin(path: string, input: ChangeInput, ground: Ground): Draft {
  const now = ground.now(path)
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

function planned({ path, now, to, shown }: Drafted['files'][number]): PlannedEffect {
  return { kind: 'file', path, before: stateOf(now), after: stateAfter(to), shown: [...shown] }
}

function shownLines(shown: readonly string[]): string[] {
  return shown.slice(0, maxShown).map((line) => printable(line, { maxLength: 1_900 }))
}

/** The files as they would be: what was worked out so far lies over what is there. */
function overlaid(files: FilesPort, drafts: ReadonlyMap<string, Draft>, gateways: Ground['gateways']): FilesPort {
  return {
    ...files,
    read(path, maxBytes) {
      const gateway = gateways.get(path)
      if (gateway !== undefined) {
        const bytes = Buffer.from(gateway.text, 'utf8')
        return { state: 'present', bytes, facts: unborn({ bytes, mode: newMode }) }
      }
      const draft = drafts.get(path)
      if (draft === undefined || draft.to === undefined) return files.read(path, maxBytes)
      if (draft.to.state === 'absent') return { state: 'absent' }
      if (draft.to.bytes.length > maxBytes) return refusal('too-large', `the file is larger than ${maxBytes} bytes`)
      if (draft.now.state === 'absent') return { state: 'present', bytes: draft.to.bytes, facts: unborn(draft.to) }
      return { state: 'present', bytes: draft.to.bytes, facts: { ...draft.now.facts, mode: draft.to.mode } }
    },
  }
}

/** The facts of a file that is nowhere yet. */
export function unborn({ bytes, mode }: { bytes: Uint8Array; mode: number }) {
  const none = { uid: 0, gid: 0, inode: 0n, device: 0n, modifiedNs: 0n, changedNs: 0n }
  return { state: 'present' as const, type: 'file' as const, size: bytes.length, mode, ...none }
}

/** Each line once, in the order of its first. */
function distinct(lines: readonly string[]): string[] {
  return [...new Set(lines)]
}

function notAsked({ address, reason }: { address: string; reason: string }): UserError {
  return new UserError(
    'change-impossible',
    `The gateway ${address} could not be asked: ${reason}.`,
    'Nothing was written. See that it runs, and how upkeep.yaml lists it: docs/gateways.md.',
  )
}

/** Why what was asked for cannot be done. */
export function impossible(input: { kind: string }, reason: string): UserError {
  return new UserError(
    'change-impossible',
    `${input.kind}: ${reason}.`,
    'Nothing was written. See what is there with "upkeep servers" and scan again.',
  )
}
