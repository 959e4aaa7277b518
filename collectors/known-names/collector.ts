import { defineCollector, type Facts, type FilesPort, type Observation } from '@upkeep/contract'
import { nameInRequest } from '@upkeep/domain/fleet-packages'
import { type Imitation, judgeName, type KnownNames, type NameEcosystem } from '@upkeep/domain/typosquat/judge-name'
import { z } from 'zod'

type Declared = Observation<'declared-server'> & { state: 'seen' }
type Resolved = Observation<'resolved-package'>
interface Name {
  ecosystem: NameEcosystem
  name: string
  direct: boolean
}

/** Which packages of each server have a name that passes for that of a known one. Nobody is asked. */
export const knownNames = defineCollector({
  id: 'known-names',
  version: 1,
  title: 'Names that pass for known ones',
  sees: ['name-resemblance'],
  per: 'fleet',
  reaches: ['files'],
  after: ['declared-server', 'resolved-package'],
  timeoutSeconds: 120,
  async collect({ prior, ports, settings }) {
    const servers = prior['declared-server'].filter((one): one is Declared => one.state === 'seen')
    const known = readKnown(settings.knownNames ?? [], ports.files)
    const judge = judgeOnce(known)
    const resolved = new Map(prior['resolved-package'].map((one) => [one.subject.id, one]))
    return servers.map(({ subject, facts }): Observation<'name-resemblance'> => {
      const kind = 'name-resemblance'
      if (known === null) return { kind, subject, state: 'unavailable', code: 'not-configured', reason: noList }
      const names = namesOf(facts, resolved.get(subject.id))
      if (names.length === 0) return { kind, subject, state: 'absent', reason: 'it starts no package by name' }
      return { kind, subject, state: 'seen', facts: resemblance(names, known, judge) }
    })
  },
})

const noList = 'the list of known packages cannot be read'
const Names = z.array(z.string().min(1).max(214)).max(100_000)
const KnownPack = z.object({
  npm: z.object({ scopes: z.record(z.string(), Names), unscoped: Names }),
  PyPI: z.object({ unscoped: Names }),
})
type Known = Readonly<Record<NameEcosystem, KnownNames>>

const maxBytes = 8 << 20

/** The last pack counts: a list of one's own replaces the built-in one. */
function readKnown(paths: readonly string[], files: FilesPort): Known | null {
  const path = paths.at(-1)
  const read = path === undefined ? null : files.read(path, maxBytes)
  if (read?.state !== 'present') return null
  const pack = KnownPack.safeParse(parsed(read.bytes))
  return pack.success ? { npm: pack.data.npm, PyPI: { scopes: {}, ...pack.data.PyPI } } : null
}

/** Packages recur from server to server: each name is judged once. */
function judgeOnce(known: Known | null): (name: Name) => Imitation | null {
  const judged = new Map<string, Imitation | null>()
  return ({ ecosystem, name }) => {
    const key = `${ecosystem}:${name}`
    const before = judged.get(key)
    if (before !== undefined) return before
    const found = known === null ? null : judgeName(name, ecosystem, known[ecosystem])
    judged.set(key, found)
    return found
  }
}

/** What the entry starts by name, then what was found installed for it. */
function namesOf({ launch }: Facts<'declared-server'>, resolved: Resolved | undefined): Name[] {
  const started = 'ecosystem' in launch ? [launch.name, ...launch.packages.map(nameInRequest)] : []
  const found = resolved?.state === 'seen' ? resolved.facts.installed.flatMap((copy) => copy.components) : []
  const names = new Map<string, Name>()
  for (const name of started) {
    if ('ecosystem' in launch && name !== '')
      names.set(`${launch.ecosystem}:${name}`, { ecosystem: launch.ecosystem, name, direct: true })
  }
  for (const { ecosystem, name } of found) {
    const key = `${ecosystem}:${name}`
    if ((ecosystem === 'npm' || ecosystem === 'PyPI') && !names.has(key))
      names.set(key, { ecosystem, name, direct: false })
  }
  return [...names.values()]
}

function resemblance(names: readonly Name[], known: Known, judge: (name: Name) => Imitation | null) {
  const resembling = names.flatMap((one) => {
    const found = judge(one)
    return found === null ? [] : [{ ...one, imitates: found.imitates, by: found.by }]
  })
  return { judged: names.length, known: countOf(known), resembling: resembling.slice(0, maxResembling) }
}

const maxResembling = 100

function countOf({ npm, PyPI }: Known): number {
  const scoped = Object.values(npm.scopes).reduce((sum, names) => sum + names.length, 0)
  return scoped + npm.unscoped.length + PyPI.unscoped.length
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return null
  }
}
