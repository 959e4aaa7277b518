import type { ChangeInput, Place } from '@upkeep/contract'
import type { CredentialPlace } from '@upkeep/contract/changes/rotate-credential'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { findEntry } from '@upkeep/domain/client-edits/entry-file'
import { entryFileAt } from '@upkeep/domain/client-edits/entry-file-at'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'
import type { KeptBytes } from '@upkeep/engine/change/kept-bytes'

/** An entry as it was before a change and as it is after it; null where it is not there, or the change did not write its file. */
export interface OldAndNew {
  before: PlacedEntry | null
  after: PlacedEntry | null
}

type Named = Extract<ChangeInput, { server: string }>

/** Out of the bytes that were kept of the change: they hold secrets, and go no further than this process. */
export function oldAndNew(
  input: Pick<Named, 'path' | 'server' | 'project'>,
  { id, plan }: ChangeState,
  { kept, places }: { kept: KeptBytes; places: readonly Place[] },
): OldAndNew {
  const index = plan.effects.findIndex(({ path }) => path === input.path)
  const read = (when: 'before' | 'after'): PlacedEntry | null => {
    if (index < 0) return null
    const bytes = kept.read(id, `${index}-${when}`)
    if (bytes === null) return null
    const file = entryFileAt(places, input.path, new TextDecoder().decode(bytes))
    if (file === null) return null
    const isProjectFile = file.location.path.startsWith('{project}')
    const found = findEntry(file, { name: input.server, project: isProjectFile ? null : (input.project ?? null) })
    return 'code' in found ? null : found.entry
  }
  return { before: read('before'), after: read('after') }
}

/** What stands at a place of an entry, as it stands there; null where nothing does. */
export function textAt(entry: PlacedEntry, at: CredentialPlace): string | null {
  if (at.in === 'launched') return null
  const value =
    at.in === 'url'
      ? entry.url
      : at.in === 'argument'
        ? (entry.args[entry.args.length - (at.of - at.index)] ?? null)
        : ((at.in === 'env' ? entry.env : entry.headers).get(at.name) ?? null)
  return value?.slice(at.start, at.start + at.length) ?? null
}

/** A text with the variables put in that its client would put in; null where one is not set here. */
export function expanded(text: string, resolve: (reference: string) => string | null): string | null {
  let missing = false
  const whole = text.replaceAll(
    /\$\{(?:env:)?([A-Za-z_][A-Za-z0-9_]{0,63})\}|\$([A-Z_][A-Z0-9_]{0,63})/g,
    (_, a, b) => {
      const value = resolve(`env:${a ?? b}`)
      missing ||= value === null
      return value ?? ''
    },
  )
  return missing || /\{\{|\$\{/.test(whole) ? null : whole
}
