import { defineCollector, type Observation, type Subject } from '@upkeep/contract'
import type { BundledCode, BundledComponent } from '@upkeep/contract/observations/bundled-code'
import type { Installation } from '@upkeep/contract/observations/resolved-package'
import type { MemoryPort } from '@upkeep/contract/ports'
import type { ImagePorts } from '@upkeep/domain/images/read-image'
import { type FingerprintIndex, indexPack } from './index-pack.ts'
import { lookInImage } from './look-in-image.ts'
import { type Inside, lookInside, type Recognised } from './look-inside.ts'
import { rememberedInside } from './remembered.ts'

/** Another way of looking finds other things, so what was remembered of an earlier one does not count. */
const way = 1
const maxProblems = 100

interface Look extends ImagePorts {
  memory: MemoryPort
  indexes: readonly FingerprintIndex[]
}

/** Code of known packages that was compiled into the files of a server's packages, where no manifest names it. Reads scripts, runs none. */
export const bundledCode = defineCollector({
  id: 'bundled-code',
  version: 1,
  title: 'Known packages inside bundles',
  sees: ['bundled-code'],
  per: 'server',
  reaches: ['files', 'memory', 'archives'],
  after: ['resolved-package'],
  timeoutSeconds: 300,
  async collect({ for: { subject }, prior, ports, settings, signal }) {
    const [resolved] = prior['resolved-package']
    if (resolved === undefined) return []
    if (resolved.state !== 'seen') return [{ ...resolved, kind: 'bundled-code', subject }]
    const read = (settings.fingerprints ?? []).map((folder) => indexPack(ports.files, folder))
    const unusable = read.find((one) => typeof one === 'string')
    const indexes = read.filter((one) => typeof one !== 'string')
    if (indexes.length === 0) return [withoutIndex(subject, unusable)]
    const facts: BundledCode = {
      indexes: indexes.map(({ id, digest, packages }) => ({ id, digest, packages: packages.map((one) => one.name) })),
      components: [],
      problems: unusable === undefined ? [] : [`an index: ${unusable}`],
    }
    for (const copy of resolved.facts.installed) {
      if (signal.aborted) break
      const look = { ...ports, indexes }
      if (copy.where === 'image') lookInCopyOfImage(look, copy, facts)
      else for (const part of partsOf(copy, resolved.facts.name)) lookInPart(look, copy, part, facts)
    }
    facts.problems = facts.problems.slice(0, maxProblems)
    return [{ kind: 'bundled-code', subject, state: 'seen', facts }]
  },
})

function withoutIndex(subject: Subject, why: string | undefined): Observation<'bundled-code'> {
  const reason =
    why === undefined ? 'there is no index to recognise packages by' : `the index to recognise packages by: ${why}`
  return { kind: 'bundled-code', subject, state: 'unavailable', code: 'not-configured', reason }
}

/** What to look into: a package, or a script that no package owns. */
interface Part {
  name: string
  path: string
  digest: string | null
}

/** The npm packages of a copy whose files lie on disk; of a script that no package owns the script alone. */
function partsOf(copy: Installation, name: string): Part[] {
  if (copy.components.length > 0)
    return copy.components.filter((one) => one.ecosystem === 'npm' && one.evidence === undefined)
  const alone = copy.where === 'script' && /\.[cm]?js$/.test(name)
  return alone ? [{ name: '', path: name, digest: copy.digest }] : []
}

function lookInPart(look: Look, copy: Installation, part: Part, facts: BundledCode): void {
  const watched = look.indexes.some((index) => index.packages.some((one) => one.name === part.name))
  // A package that is there under its own name is judged by its own manifest.
  if (watched) return
  const inside = remembered(look, part, () => lookInside(look.files, pathOf(copy, part), look.indexes))
  const within = part.name === '' ? { ...part, path: '.' } : part
  facts.components.push(...inside.found.map((one) => asComponent(one, copy, within)))
  facts.problems.push(...inside.problems.map((why) => `${part.path}: ${why}`.slice(0, 500)))
}

function lookInCopyOfImage(look: Look, copy: Installation, facts: BundledCode): void {
  const inside = remembered(look, copy, () => lookInImage(look, copy, look.indexes))
  facts.components.push(...inside.found.map((one) => asComponent(one, copy, { path: '.' })))
  facts.problems.push(...inside.problems.map((why) => why.slice(0, 500)))
}

function pathOf({ root }: Installation, { path }: Part): string {
  if (path === '.') return root
  return path.startsWith('/') || /^[A-Za-z]:/.test(path) ? path : `${root}/${path}`
}

/** The digest covers every byte of the package's own files, so that the same digest holds the same code. */
function remembered(look: Look, { digest }: Pick<Part, 'digest'>, lookNow: () => Inside): Inside {
  if (digest === null) return lookNow()
  const key = `bundled-code:${way}:${look.indexes.map((index) => index.digest).join('+')}:${digest}`
  const known = rememberedInside(look.memory.recall(key))
  if (known !== null) return known
  const inside = lookNow()
  look.memory.remember(key, JSON.stringify(inside))
  return inside
}

function asComponent(one: Recognised, copy: Installation, within: Pick<Part, 'path'>): BundledComponent {
  const { ecosystem, name, versions, nearest, confidence, found, inImage } = one
  const layer = inImage === undefined ? '' : `${inImage.layer}; `
  const differ = found.against === 0 ? '' : `; ${found.against} words differ from ${nearest.at(-1)}`
  const detail = `${layer}${found.units} classes and functions of it, ${found.words} words${differ}`
  const file = within.path === '.' ? one.file : `${within.path}/${one.file}`
  return {
    ecosystem,
    name,
    versions,
    nearest,
    copy: copy.root,
    within: inImage?.within ?? within.path,
    evidence: { technique: 'fingerprint', confidence, file, detail },
  }
}
