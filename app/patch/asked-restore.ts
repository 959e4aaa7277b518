import { type ChangeInput, type Facts, UserError } from '@upkeep/contract'
import { titleWords } from '@upkeep/domain/changes/input-words'
import type { Context } from '../operations/context.ts'

type Restore = Extract<ChangeInput, { kind: 'restore-package-tree' }>
type Copy = Facts<'dependency-health'>['copies'][number]

/** The changes that put the installed packages of servers back to what was published, as far as archives of them are kept here. */
export async function askedRestore(
  context: Context,
  words: readonly string[],
): Promise<{ inputs: ChangeInput[]; title: string; closes: string[]; said: string[] }> {
  const seen = await context.acts.look(['declared-server', 'resolved-package', 'dependency-health'])
  const inputs = new Map<string, Restore>()
  const said = new Set<string>()
  const named = seen.filter(
    ({ kind, subject: { name, id } }) => kind === 'dependency-health' && (words.includes(name) || words.includes(id)),
  )
  for (const one of named) {
    const { name } = one.subject
    if (one.kind === 'dependency-health' && one.state === 'seen')
      for (const copy of one.facts.copies) take(copy, name, inputs, said)
    else said.add(`${name}: its packages were not looked at${'reason' in one ? `: ${one.reason}` : ''}`)
  }
  if (named.length === 0)
    throw new UserError(
      'not-found',
      `No server of the name "${words.join(', ').slice(0, 80)}" was seen.`,
      'List them: "upkeep servers".',
    )
  const [first] = inputs.values()
  if (first === undefined)
    throw new UserError(
      'change-impossible',
      `No archive of an installed package of it is kept here. ${[...said].slice(0, 3).join('; ')}`,
      'Keep them while the registry has them: "upkeep keep <server> --online".',
    )
  const names = [...new Set([...inputs.values()].map(({ server }) => server))].sort()
  const closes = await altered(context, words)
  return { inputs: [...inputs.values()], title: titleWords(first, names.join(', ')), closes, said: [...said] }
}

/** One copy that could be started: its packages that are kept. The same copy behind several entries is put back once. */
function take(
  { root, packages, lockfile }: Copy,
  server: string,
  inputs: Map<string, Restore>,
  said: Set<string>,
): void {
  if (lockfile !== 'read')
    said.add(`${root}: npm's list of what it installed is ${lockfile}, so nothing says what it should be`)
  const kept = packages.flatMap(({ name, path, recorded, kept: state, installScripts }): Restore['packages'] => {
    const integrity = /sha512-[A-Za-z0-9+/]{86}==/.exec(recorded?.integrity ?? '')?.[0]
    if (!path.startsWith('node_modules/')) return []
    if (integrity === undefined || state === undefined || recorded?.version == null) {
      said.add(`${name} in ${root} is not looked at: no archive of it is kept here`)
      return []
    }
    return [{ at: path, name, version: recorded.version, integrity, scripts: installScripts.length > 0 }]
  })
  if (kept.length > 0)
    inputs.set(root, { kind: 'restore-package-tree', path: root, server, packages: kept.slice(0, 2_000) })
}

/** The findings that say that installed files are not those that were published. */
async function altered(context: Context, words: readonly string[]): Promise<string[]> {
  const store = await context.existingStore()
  const found = store === null ? [] : await store.findings.current()
  return found.flatMap(({ state, statement: { rule, subject, facts, fingerprint } }) => {
    const isNamed = words.includes(subject.name) || words.includes(subject.id)
    const isAltered = rule === 'integrity-mismatch' && facts.compared === 'kept-package'
    return state !== 'resolved' && isAltered && isNamed ? [fingerprint] : []
  })
}
