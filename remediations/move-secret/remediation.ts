import type { ChangeOf } from '@upkeep/contract/change'
import type { SecretPlace } from '@upkeep/contract/changes/move-secret'
import type { FilesPort, PlacesPort, Refusal, SecretStoresPort, SecretsPort } from '@upkeep/contract/ports'
import { defineRemediation, type Effect, type Preview } from '@upkeep/contract/remediation'
import { type EntryFile, type EntryName, findEntry } from '@upkeep/domain/client-edits/entry-file'
import { launchWith, referTo } from '@upkeep/domain/client-edits/move-secret'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { type FoundSecret, placeNow, secretOf } from '@upkeep/domain/client-edits/secret-of'
import type { Edited } from '@upkeep/domain/client-edits/text-edit'
import { clientList } from '@upkeep/domain/client-formats/client-list'
import { isReference, isStoreReference, type ReferenceStyle } from '@upkeep/domain/redaction/references'
import { secretFileFor } from './secret-file-for.ts'
import { storedSecretFor } from './stored-secret-for.ts'

interface Moving {
  input: ChangeOf<'move-secret'>
  place: SecretPlace
  file: EntryFile
  name: EntryName
  found: FoundSecret
  expands: readonly ReferenceStyle[]
}
type Reached = { files: FilesPort; places: PlacesPort; secrets: SecretsPort; secretStores: SecretStoresPort }

/** Takes a secret out of an entry: its client, or a launcher of ours, fetches it from elsewhere when the server starts. */
export const moveSecret = defineRemediation({
  makes: 'move-secret',
  version: 1,
  title: 'Take a secret out of an entry',
  reaches: ['files', 'places', 'secrets', 'secretStores'],
  preview(input, ports) {
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return opened
    if (opened.file.client === 'fiberplane-gateway')
      return refusedEntry(
        input,
        'its gateway may run on another machine, where no file of this one is: give the gateway a reference by hand',
      )
    const entry = findEntry(opened.file, opened.name)
    if ('code' in entry) return refusedEntry(input, entry.reason)
    const place = placeNow(entry.entry, input.secret)
    const found = secretOf(entry.entry, place)
    if (found === null) return { ...possible, summary: [`${input.server}: no secret stands in its ${whereOf(input)}`] }
    const expands = clientList.find(({ client }) => client === opened.file.client)?.expands ?? []
    const moving = { input, place, file: opened.file, name: opened.name, found, expands }
    if (input.to.store === 'file') return toFile(moving, ports)
    return input.to.store === 'reference' ? toReference(moving, input.to.text, ports) : toStore(moving, input.to, ports)
  },
})

const possible = { state: 'possible' as const, effects: [], summary: [], limits: [], irreversible: [] }
const stillKnown = 'whoever read the file before has the secret still: replace it where it was given out, too'

function toReference(moving: Moving, text: string, ports: Reached): Preview | Refusal {
  const { input, place, file, name, found, expands } = moving
  const isOwn = isReference(text, expands) && !text.startsWith('op://')
  if (isOwn) return changed(moving, referTo(file, name, place, found.before + text), [], text)
  if (!isStoreReference(text))
    return refusedEntry(input, 'its client does not expand that reference, and our launcher does not know it')
  return launched(moving, text, [], ports)
}

function toFile(moving: Moving, ports: Reached): Preview | Refusal {
  const kept = secretFileFor(moving, ports)
  return 'state' in kept ? kept : launched(moving, kept.path, kept.effects, ports)
}

/** Whether the entry can be edited is known before any store is asked. */
async function toStore(
  moving: Moving,
  to: Exclude<ChangeOf<'move-secret'>['to'], { store: 'file' | 'reference' }>,
  ports: Reached,
): Promise<Preview | Refusal> {
  const tried = launched(moving, 'keyring://upkeep#secret', [], ports)
  if (tried.state === 'unavailable') return tried
  const stored = await storedSecretFor(moving, to, ports)
  if ('state' in stored) return stored
  const preview = launched(moving, stored.reference, stored.effects, ports)
  return preview.state === 'unavailable' ? preview : { ...preview, limits: [...preview.limits, ...stored.limits] }
}

function launched(moving: Moving, source: string, first: readonly Effect[], ports: Reached): Preview | Refusal {
  const { input, place, file, name, found, expands } = moving
  if (place.in === 'header')
    return refusedEntry(
      input,
      expands.length === 0
        ? 'its client calls the server itself and expands no references: log in with "upkeep login", or give it a token of little power'
        : 'its client calls the server itself: name a reference that it expands, such as of a variable',
    )
  const program = ports.places.ownProgram()
  const edited = launchWith(file, name, place, { name: found.name, source, before: found.before }, { program, expands })
  return changed(moving, edited, first, source)
}

function changed({ input }: Moving, edited: Edited, first: readonly Effect[], source: string): Preview | Refusal {
  if (edited.state === 'refused') return refusedEntry(input, edited.reason)
  const where = whereOf(input)
  const to = { text: edited.text }
  const shown = [`-${input.server}: ${where} (hidden)`, `+${input.server}: ${where} from ${source}`]
  const inArguments = input.secret.in === 'argument'
  return {
    ...possible,
    effects: [...first, { kind: 'file', path: input.path, to, shown }],
    summary: [`${input.server}: the secret in its ${where} comes from ${source} when it starts`],
    limits: [
      untilRestarted,
      stillKnown,
      ...(inArguments ? ['the server still gets it as an argument, which every program on this machine can see'] : []),
    ],
  }
}

function whereOf({ secret }: ChangeOf<'move-secret'>): string {
  return secret.in === 'argument' ? `argument ${secret.index + 1}` : `${secret.in} ${secret.name}`
}
