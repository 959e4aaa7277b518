import type { BundledComponent } from '@upkeep/contract/observations/bundled-code'
import type { Component, ComponentEvidence, Installation } from '@upkeep/contract/observations/resolved-package'
import { componentUrl } from '@upkeep/domain/component-url'
import { type CdxComponent, type CdxIdentity, type CdxTechnique, property } from './cyclonedx-document.ts'
import { shownText } from './shown-text.ts'

/** A component as it was found once. Found again, its places are joined. */
export interface FoundComponent {
  component: CdxComponent
  locations: string[]
}

const techniques = {
  manifest: 'manifest-analysis',
  lockfile: 'manifest-analysis',
  'build-info': 'binary-analysis',
  fingerprint: 'ast-fingerprint',
} as const satisfies Record<ComponentEvidence['technique'], CdxTechnique>

/** A package of an installed tree. `optional` where it is not known whether this copy would start. */
export function installedComponent(found: Component, copy: Installation, optional: boolean): FoundComponent {
  const location = placeIn(copy.root, found.path)
  const evidence = found.evidence ?? {
    technique: 'manifest',
    confidence: 1,
    file: found.path,
    detail: "the package's own manifest",
  }
  const url = componentUrl(found.ecosystem, found.name, found.version, copy.system?.distribution ?? null)
  const component: CdxComponent = {
    type: 'library',
    'bom-ref': refOf(url, found, found.digest),
    ...nameOf(found),
    ...(found.version === null ? {} : { version: shownText(found.version, 200) }),
    ...(optional ? { scope: 'optional' } : {}),
    ...(found.digest === null ? {} : { hashes: [{ alg: 'SHA-256', content: found.digest }] }),
    ...(url === null ? {} : { purl: url }),
    evidence: { identity: [identityOf(url, evidence)] },
    properties: [property('ecosystem', found.ecosystem)],
  }
  return { component, locations: [location] }
}

/** A package whose code lies inside another's files. Its version is stated only where one is left. */
export function bundledComponent(found: BundledComponent): FoundComponent {
  const [only] = found.versions
  const version = found.versions.length === 1 && only !== undefined ? only : null
  const url = componentUrl(found.ecosystem, found.name, version)
  const place = `${placeIn(found.copy, found.within)}/${found.evidence.file}`
  const possible = version === null ? [property('possible-versions', rangeWords(found))] : []
  const component: CdxComponent = {
    type: 'library',
    'bom-ref': `bundled:${refOf(url, { ...found, version }, null)}|${rangeWords(found)}`,
    ...nameOf(found),
    ...(version === null ? {} : { version }),
    ...(url === null ? {} : { purl: url }),
    evidence: { identity: [identityOf(url, found.evidence)] },
    properties: [property('ecosystem', found.ecosystem), property('bundled', 'true'), ...possible],
  }
  return { component, locations: [place] }
}

/** A package that an entry pins and that is not installed here: all that is known is what the entry says. */
export function pinnedComponent(
  launch: { ecosystem: 'npm' | 'PyPI'; name: string },
  version: string,
  path: string,
): FoundComponent {
  const url = componentUrl(launch.ecosystem, launch.name, version)
  const detail = 'the entry pins it; no copy is installed here'
  const component: CdxComponent = {
    type: 'library',
    'bom-ref': `declared:${refOf(url, { ...launch, version }, null)}`,
    ...nameOf(launch),
    version: shownText(version, 200),
    ...(url === null ? {} : { purl: url }),
    evidence: {
      identity: [identityOf(url, { technique: 'manifest', confidence: 0.5, file: path, detail })],
    },
    properties: [property('ecosystem', launch.ecosystem), property('installed', 'false')],
  }
  return { component, locations: [shownText(path)] }
}

function nameOf({ ecosystem, name }: { ecosystem: string; name: string }): { group?: string; name: string } {
  const slash = ecosystem === 'npm' && name.startsWith('@') ? name.indexOf('/') : -1
  if (slash === -1) return { name: shownText(name, 500) }
  return { group: shownText(name.slice(0, slash), 300), name: shownText(name.slice(slash + 1), 300) }
}

/** One name for the same package with the same bytes, wherever it lies. */
function refOf(
  url: string | null,
  found: { ecosystem: string; name: string; version: string | null },
  digest: string | null,
): string {
  const base = url ?? `component:${found.ecosystem}/${shownText(found.name)}@${shownText(found.version ?? '')}`
  return digest === null ? base : `${base}|sha256:${digest.slice(0, 16)}`
}

function identityOf(url: string | null, { technique, confidence, file, detail }: ComponentEvidence): CdxIdentity {
  return {
    field: url === null ? 'name' : 'purl',
    confidence,
    ...(url === null ? {} : { concludedValue: url }),
    methods: [{ technique: techniques[technique], confidence, value: shownText(`${file}: ${detail}`, 500) }],
  }
}

function rangeWords({ versions, nearest }: BundledComponent): string {
  if (versions.length === 0) return nearest.length === 0 ? 'not known' : `near ${nearest.slice(0, 5).join(', ')}`
  return versions.length <= 10 ? versions.join(', ') : `${versions[0]} … ${versions.at(-1)} (${versions.length})`
}

function placeIn(root: string, path: string): string {
  if (path === '' || path === '.') return shownText(root)
  return shownText(/^(?:[A-Za-z]:)?[\\/]/.test(path) ? path : `${root}/${path}`)
}
