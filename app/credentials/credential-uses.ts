import type { Facts, Observation } from '@upkeep/contract'
import type { CredentialPlace } from '@upkeep/contract/changes/rotate-credential'
import type { Ports } from '@upkeep/contract/ports'
import { credentialNamed, placesOf } from '@upkeep/domain/client-edits/credential-places'
import { findEntry } from '@upkeep/domain/client-edits/entry-file'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { secretIn } from '@upkeep/domain/client-edits/secret-file'
import { launchedSecrets } from '@upkeep/domain/client-formats/our-launcher'
import type { PlacedEntry } from '@upkeep/domain/client-formats/raw-entry'

type Declared = Facts<'declared-server'>
type Reached = Pick<Ports, 'files' | 'places' | 'secrets'>

/** One place where a credential is used. */
export interface CredentialUse {
  path: string
  server: string
  project: string | null
  at: CredentialPlace
}

/** Every use of one credential. `left`: entries that hold it and are not edited, by path and reason. The credential stays in this process. */
export interface CredentialUses {
  secret: string
  uses: CredentialUse[]
  left: string[]
}

const maxBytes = 1 << 20

/** The credential that a word names in an entry; null where it names none. */
export function credentialIn(server: Declared, word: string, ports: Reached): string | null {
  const entry = entryOf(server, ports)
  if (entry === null || typeof entry === 'string') return null
  const [named] = credentialNamed(entry, word)
  if (named === undefined) return null
  return named.text ?? launchedText(entry, word, ports)
}

/** The words by which a person can name what stands in an entry. */
export function credentialNames({ env, headers, args, urlSecrets }: Declared): string[] {
  const isSecret = ([, value]: readonly [string, Declared['args'][number]]) =>
    value.kind === 'hidden' && value.secret !== 'none'
  const launched = launchedSecrets(args.map((value) => (value.kind === 'plain' ? value.text : '')))
  return [
    ...Object.entries(env)
      .filter(isSecret)
      .map(([name]) => name),
    ...Object.entries(headers)
      .filter(isSecret)
      .map(([name]) => name),
    ...args.flatMap((value, index) => (isSecret(['', value]) ? [String(index + 1)] : [])),
    ...urlSecrets.map(({ where }) => where.replace(/^query /, '')),
    ...launched.map(({ name }) => name),
  ]
}

/** Everywhere that the same credential stands: in values of entries, and in the files that our launcher reads. */
export function usesOf(secret: string, declared: readonly Declared[], ports: Reached): CredentialUses {
  const found: CredentialUses = { secret, uses: [], left: [] }
  for (const server of declared) {
    const { path, name, project } = server
    const entry = entryOf(server, ports)
    if (entry === null || typeof entry === 'string') {
      if (holdsHidden(server, secret, ports))
        found.left.push(`${name} in ${path} holds it too and is not edited: ${entry ?? 'it is not there'}`)
      continue
    }
    for (const at of [...placesOf(entry, secret), ...launchedPlaces(entry, secret, ports)])
      found.uses.push({ path, server: name, project, at })
  }
  return found
}

function launchedPlaces(entry: PlacedEntry, secret: string, ports: Reached): CredentialPlace[] {
  return launchedSecrets(entry.args).flatMap(({ name }): CredentialPlace[] =>
    launchedText(entry, name, ports) === secret ? [{ in: 'launched', name }] : [],
  )
}

/** What lies in the file that our launcher reads; a store is not asked: its name stands for what it holds. */
function launchedText(entry: PlacedEntry, word: string, { files }: Reached): string | null {
  const source = launchedSecrets(entry.args).find(({ name }) => name === word)?.source
  if (source === undefined) return null
  if (!source.startsWith('/')) return source
  const read = files.read(source, maxBytes)
  return read.state === 'present' ? secretIn(new TextDecoder().decode(read.bytes)) : null
}

function entryOf({ path, name, project }: Declared, ports: Reached): PlacedEntry | string | null {
  const opened = openNamedEntry({ path, server: name, project }, ports)
  if (opened.state === 'unavailable') return opened.reason
  const found = findEntry(opened.file, opened.name)
  return 'code' in found ? found.reason : found.entry
}

/** By the keyed hashes of what is hidden: of an entry that is not edited nothing else is known. */
function holdsHidden({ env, headers, args, urlSecrets }: Declared, secret: string, { secrets }: Reached): boolean {
  const forms = ['', 'Bearer ', 'bearer ', 'token ', 'Token '].map((scheme) =>
    secrets.fingerprint(`${scheme}${secret}`),
  )
  const values = [...Object.values(env), ...Object.values(headers), ...args, ...urlSecrets.map(({ value }) => value)]
  return values.some((value) => value.kind === 'hidden' && forms.includes(value.fingerprint))
}

/** The entries that were seen, of all clients. */
export function declaredIn(seen: readonly Observation[]): Declared[] {
  return seen.flatMap((one) => (one.kind === 'declared-server' && one.state === 'seen' ? [one.facts] : []))
}
