import type { KeptCopy } from '@upkeep/contract/changes/restore-client-config'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { SecretsPort } from '@upkeep/contract/ports'
import type { ChangeState } from '@upkeep/domain/changes/change-state'
import { lookedAt } from '@upkeep/domain/client-edits/entry-file-at'
import type { LookedAt } from '@upkeep/domain/client-formats/config-paths'
import { declareAll } from '@upkeep/domain/client-formats/declare-server'
import { parseText } from '@upkeep/domain/client-formats/parse-text'
import type { ChangeWorld } from '@upkeep/engine/change/change-world'
import { storedChange } from '@upkeep/engine/change/record-step'
import { sha256 } from '@upkeep/engine/kernel/sha256'

/** A copy of a client's file, what it declares, and how it came to be kept. */
export interface FileCopy {
  readonly path: string
  readonly kept: KeptCopy
  readonly by: 'approval' | 'change'
  /** As observations have them; null where the copy cannot be read as its client's. */
  readonly declared: readonly DeclaredServer[] | null
}

/** The name under which an approval keeps a file. */
export function copyName(path: string): string {
  return `file-${sha256(path).slice(0, 32)}`
}

/** The servers that a copy declares, secrets hidden; null where it cannot be read. */
export function declaredInCopy(
  looked: LookedAt,
  bytes: Uint8Array,
  { fingerprint }: Pick<SecretsPort, 'fingerprint'>,
): DeclaredServer[] | null {
  const { format, keep, read } = looked.location
  const parsed = parseText(new TextDecoder().decode(bytes), format, keep)
  return parsed.state === 'parsed' ? declareAll(looked, read(parsed.tree, looked.path).entries, fingerprint) : null
}

interface Named extends Omit<KeptCopy, 'digest'> {
  path: string
  by: FileCopy['by']
}

/** Every copy of a client's file that is kept here and can be read again, the newest first. */
export async function keptCopies({ store, ports }: Pick<ChangeWorld, 'store' | 'ports'>): Promise<FileCopy[]> {
  const copies: FileCopy[] = []
  for (const { path, by, ...rest } of [...(await ofChanges(store)), ...(await ofApprovals(store))]) {
    const looked = lookedAt(ports.places.list(), path)
    if (looked === null) continue
    const read = ports.captures.read(rest.of, rest.name)
    if (read.state !== 'present') continue
    const declared = declaredInCopy(looked, read.bytes, ports.secrets)
    copies.push({ path, by, kept: { ...rest, digest: sha256(read.bytes) }, declared })
  }
  return copies.sort((a, b) => (a.kept.at < b.kept.at ? 1 : -1))
}

async function ofChanges(store: ChangeWorld['store']): Promise<Named[]> {
  const ids = await store.changes.list()
  const states = await Promise.all(ids.map((id) => storedChange(store, id)))
  return states.flatMap((state) => (state === null ? [] : copiesOf(state)))
}

/** What files were before a change was made, and what it made of them; not what was taken back again. */
function copiesOf({ id, plan, steps, appliedAt, outcome, lastAt }: ChangeState): Named[] {
  const begun = steps.find(({ is }) => is === 'applying')?.at
  if (begun === undefined) return []
  const undone = outcome === 'rolled-back' || outcome === 'rolled-back-in-part'
  return plan.effects.flatMap((effect, index): Named[] => {
    if (effect.kind !== 'file') return []
    const of = { path: effect.path, of: id, by: 'change' as const }
    const before =
      effect.before.state === 'absent' ? [] : [{ ...of, name: `${index}-before`, at: undone ? lastAt : begun }]
    const stands = !undone && appliedAt !== null && effect.after.state !== 'absent'
    return stands ? [...before, { ...of, name: `${index}-after`, at: appliedAt }] : before
  })
}

async function ofApprovals(store: ChangeWorld['store']): Promise<Named[]> {
  const baselines = await store.baselines.list()
  return baselines.flatMap(({ id, at, servers }) => {
    const paths = servers.flatMap(({ subject }) => /^server:[^:]{0,100}:(.*)#/s.exec(subject.id)?.[1] ?? [])
    return [...new Set(paths)].map((path): Named => ({ path, of: id, by: 'approval', name: copyName(path), at }))
  })
}
