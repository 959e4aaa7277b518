import { shownText } from './shown-text.ts'

/** The parts of CycloneDX 1.6 that we write. */
export interface CycloneDx {
  $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json'
  bomFormat: 'CycloneDX'
  specVersion: '1.6'
  version: 1
  metadata: CdxMetadata
  components: CdxComponent[]
  services?: CdxService[]
  dependencies?: { ref: string; dependsOn?: string[] }[]
  compositions?: { aggregate: 'complete' | 'incomplete' | 'unknown'; dependencies: string[] }[]
  vulnerabilities?: CdxVulnerability[]
}

export interface CdxMetadata {
  timestamp?: string
  tools: { components: CdxComponent[] }
  component: CdxComponent
  properties: CdxProperty[]
}

export interface CdxProperty {
  name: string
  value: string
}

export interface CdxComponent {
  type: 'application' | 'library' | 'platform' | 'container'
  'bom-ref': string
  group?: string
  name: string
  version?: string
  scope?: 'optional'
  hashes?: { alg: 'SHA-256'; content: string }[]
  purl?: string
  evidence?: { identity: CdxIdentity[]; occurrences?: { location: string }[] }
  properties?: CdxProperty[]
}

export interface CdxIdentity {
  field: 'purl' | 'name'
  confidence: number
  concludedValue?: string
  methods: { technique: CdxTechnique; confidence: number; value: string }[]
}
export type CdxTechnique = 'manifest-analysis' | 'binary-analysis' | 'ast-fingerprint' | 'other'

export interface CdxService {
  'bom-ref': string
  name: string
  endpoints?: string[]
  'x-trust-boundary': true
  properties: CdxProperty[]
}

export interface CdxVulnerability {
  'bom-ref': string
  id: string
  source: { name: string }
  references?: { id: string; source: { name: string } }[]
  ratings: { severity: 'critical' | 'high' | 'medium' | 'low' | 'unknown'; method: 'other' }[]
  description?: string
  recommendation?: string
  advisories?: { url: string }[]
  analysis: {
    state: 'exploitable' | 'in_triage' | 'not_affected' | 'resolved'
    response?: ('update' | 'will_not_fix' | 'can_not_fix')[]
    detail: string
  }
  affects: { ref: string; versions?: { version: string; status: 'affected' | 'unaffected' | 'unknown' }[] }[]
}

/** What every document of ours says of itself. */
export interface Origin {
  /** The product's version. */
  version: string
  /** When the fleet was looked at, and by which run. Null when it never was. */
  observedAt: string | null
  run: string | null
  stamps: readonly string[]
  /** When the document is made; left out, so that the same records give the same bytes. */
  timestamp?: string
}

/** The head of a document: who made it, from what, and about whom. */
export function metadataOf(origin: Origin, about: CdxComponent): CdxMetadata {
  return {
    ...(origin.timestamp === undefined ? {} : { timestamp: origin.timestamp }),
    tools: {
      components: [{ type: 'application', 'bom-ref': 'tool:upkeep', name: 'upkeep', version: origin.version }],
    },
    component: about,
    properties: [
      ...origin.stamps.map((stamp) => property('stamp', stamp)),
      ...(origin.timestamp === undefined ? [] : lookedAt(origin)),
      property('hashes', 'SHA-256 over paths and bytes of the files that a component has here, not of an archive'),
    ],
  }
}

/** When and by which run the fleet was looked at: it moves with every run, so it stands only where time was asked for. */
function lookedAt({ observedAt, run }: Origin): CdxProperty[] {
  return [property('observed-at', observedAt ?? 'never'), ...(run === null ? [] : [property('run', run)])]
}

/** A property under our name. */
export function property(name: string, value: string): CdxProperty {
  return { name: `upkeep:${name}`, value: shownText(value, 2_000) }
}
