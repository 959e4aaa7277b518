import {
  type CollectCall,
  defineCollector,
  type Facts,
  fleet,
  type Observation,
  type UnavailableCode,
} from '@upkeep/contract'
import type { Packument } from '@upkeep/contract/observations/registry'
import { registryFor } from '@upkeep/domain/npm-registries'
import { createAsker } from './ask-bounded.ts'
import { describePackument } from './describe-packument.ts'
import { type GatheredAnswers, gatherAnswers } from './gather-answers.ts'
import { readImported } from './imported-packuments.ts'
import { askAttestations } from './live-attestations.ts'
import type { StatedPackument } from './packument.ts'
import { withProvenance } from './provenance-of-packuments.ts'
import { type WantedPackages, wantedPackages } from './wanted-packages.ts'

type Call = CollectCall<'fleet', 'files' | 'http' | 'answers', 'resolved-package' | 'declared-server'>

/**
 * What the registry in use offers of the packages of the fleet, and whether its signatures and attestations hold: out of imported files and
 * kept answers, or asked with consent.
 */
export const registry = defineCollector({
  id: 'registry',
  version: 2,
  title: 'Versions that the registry in use offers',
  sees: ['registry'],
  per: 'fleet',
  reaches: ['files', 'http', 'answers'],
  after: ['resolved-package', 'declared-server'],
  timeoutSeconds: 300,
  async collect(call) {
    const { settings, prior } = call
    const wanted = wantedPackages(prior['declared-server'], prior['resolved-package'])
    const started = wanted.npm.filter((one) => one.direct).length + wanted.others.length
    const imported = readImported(settings.feeds.registry, call.ports.files)
    const asker = settings.online ? createAsker(call.ports.http, boundsOf(call)) : null
    if (started === 0 && (asker !== null || settings.feeds.registry.length > 0))
      return [{ kind: 'registry', subject: fleet, state: 'absent', reason: noPackage }]
    const gathered = await gatherAnswers({ ...call, wanted: wanted.npm, imported, asker, atOnce })
    const problem = nothingHad(gathered, wanted, call)
    return [problem ?? (await describe(call, { wanted, imported, asker, gathered }))]
  },
})

/** Asking stops while there is time to check what came. */
const askingMs = 240_000
const answerTimeoutMs = 30_000
const atOnce = 8

function boundsOf({ signal }: Call) {
  return { until: performance.now() + askingMs, answerTimeoutMs, signal }
}

const notConsented = 'the registry is asked only with --online, and no packument is imported'
const noPackage = 'no server of the fleet starts a package by name'

/** Why nothing is known of any package; null where something is. */
function nothingHad(
  { found, failed, problems }: GatheredAnswers,
  wanted: WantedPackages,
  { settings }: Call,
): Observation<'registry'> | null {
  if (found.length > 0) return null
  if (settings.online) {
    return wanted.npm.length === 0
      ? null
      : unavailable(
          'unreachable',
          `none of ${wanted.npm.length} packages could be asked about: ${failed[0]?.reason ?? 'not asked'}`,
        )
  }
  if (settings.feeds.registry.length === 0) return unavailable('not-consented', notConsented)
  return unavailable('malformed', `nothing could be imported: ${problems[0]?.reason ?? 'no packument of the fleet'}`)
}

interface Known {
  wanted: WantedPackages
  imported: ReturnType<typeof readImported>
  asker: ReturnType<typeof createAsker> | null
  gathered: GatheredAnswers
}

async function describe(call: Call, { wanted, imported, asker, gathered }: Known): Promise<Observation<'registry'>> {
  const { settings, ports, at } = call
  const { answers, files } = ports
  const url = settings.registryUrl
  const marked = gathered.found.some(({ packument }) => packument !== null && carriesMarks(packument))
  const keys = marked
    ? await (await import('./trusted-keys.ts')).trustedKeys({
        url,
        at,
        answers,
        files,
        path: settings.trust?.registryKeys,
        asker,
      })
    : { value: [], from: '' }
  const byName = new Map(wanted.npm.map((one) => [one.name, one]))
  const described = gathered.found.map(({ name, packument, keptSince }): Packument => {
    const one = byName.get(name)
    if (packument === null || one === undefined) return { name, state: 'absent', distTags: {}, versions: [] }
    // The keys are those of the registry in use: what another one signs is not known.
    const isOfIt = registryFor(settings, name) === url
    return describePackument(packument, one, { keys: isOfIt ? keys.value : [], keptSince })
  })
  call.progress?.(`checking attestations of ${described.length} packages`)
  const { packages, root } = await withProvenance(described, {
    wanted: byName,
    keys: keys.value,
    rootPath: settings.trust?.sigstoreRoot,
    files,
    atOnce,
    attestationsOf: async (one) =>
      imported.attestations.get(`pkg:npm/${one.name.replace('@', '%40')}@${one.version}`) ??
      (await askAttestations(one, { url: registryFor(settings, one.name), at, answers, asker })),
  })
  const others = wanted.others.map((one) => ({ name: one.name, reason: `${one.ecosystem} is not asked yet` }))
  return seen({
    source: sourceOf(call, gathered),
    asked: askedOf(call, gathered),
    ...(marked ? { trust: { keys: keys.from, root } } : {}),
    packages,
    failed: [...gathered.failed, ...gathered.problems, ...others],
  })
}

function carriesMarks({ versions }: StatedPackument): boolean {
  return versions.some((one) => (one.signatures ?? []).length > 0 || one.attested === true)
}

function askedOf({ settings }: Call, { found }: GatheredAnswers): Facts<'registry'>['asked'] {
  if (settings.online) return 'live'
  return found.some((one) => one.from === 'import') ? 'imported' : 'kept'
}

function sourceOf(call: Call, gathered: GatheredAnswers): string {
  return askedOf(call, gathered) === 'imported'
    ? call.settings.feeds.registry.join(', ')
    : withoutSecrets(call.settings.registryUrl)
}

/** Sorted, so that the same answers are the same observation in whatever order they came. */
function seen(facts: Facts<'registry'>): Observation<'registry'> {
  const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const sorted = { ...facts, packages: facts.packages.toSorted(byName), failed: facts.failed.toSorted(byName) }
  return { kind: 'registry', subject: fleet, state: 'seen', facts: sorted }
}

/** A registry's address may carry a login or a token. */
function withoutSecrets(registryUrl: string): string {
  return URL.canParse(registryUrl) ? new URL(registryUrl).origin : 'the registry'
}

function unavailable(code: UnavailableCode, reason: string): Observation<'registry'> {
  return { kind: 'registry', subject: fleet, state: 'unavailable', code, reason }
}
