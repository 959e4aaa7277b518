import {
  type CdxComponent,
  type CdxVulnerability,
  type CycloneDx,
  metadataOf,
  type Origin,
  property,
} from './cyclonedx-document.ts'
import { shownText } from './shown-text.ts'
import { acceptanceWords, type VexStatement, whereWords } from './vex-statement.ts'

const about: CdxComponent = { type: 'platform', 'bom-ref': 'fleet', name: 'MCP servers under care' }

/** The statements as CycloneDX 1.6 with an analysis each. An acceptance does not make anything less exploitable: it is a response. */
export function cycloneDxVex(statements: readonly VexStatement[], origin: Origin): CycloneDx {
  const components = new Map(statements.map((one) => [refOf(one), componentOf(one)]))
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: metadataOf(origin, about),
    components: [...components.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one),
    vulnerabilities: statements.map(vulnerabilityOf),
  }
}

function refOf({ purl, ecosystem, name, version }: VexStatement): string {
  return purl ?? `component:${ecosystem}/${shownText(name)}@${shownText(version)}`
}

function componentOf(one: VexStatement): CdxComponent {
  const { purl, ecosystem, name, version } = one
  return {
    type: 'library',
    'bom-ref': refOf(one),
    name: shownText(name, 500),
    version: shownText(version, 200),
    ...(purl === null ? {} : { purl }),
    properties: [property('ecosystem', ecosystem)],
  }
}

const states = {
  affected: 'exploitable',
  fixed: 'resolved',
  'not-affected': 'not_affected',
  'under-investigation': 'in_triage',
} as const

function vulnerabilityOf(one: VexStatement, index: number): CdxVulnerability {
  const { vulnerability, status } = one
  const advisories = vulnerability.references.filter(isPlainUrl).slice(0, 20)
  return {
    'bom-ref': `statement:${index}:${shownText(vulnerability.id, 200)}`,
    id: shownText(vulnerability.id, 200),
    source: { name: shownText(vulnerability.feed, 200) },
    ...(vulnerability.aliases.length === 0 ? {} : { references: vulnerability.aliases.slice(0, 50).map(aliasOf) }),
    ratings: [{ severity: vulnerability.severity, method: 'other' }],
    ...(vulnerability.says === '' ? {} : { description: shownText(vulnerability.says) }),
    ...(one.action === '' ? {} : { recommendation: shownText(one.action) }),
    ...(advisories.length === 0 ? {} : { advisories: advisories.map((url) => ({ url })) }),
    analysis: {
      state: states[status],
      ...(status === 'affected' ? { response: [responseOf(one)] } : {}),
      detail: detailOf(one),
    },
    affects: [{ ref: refOf(one) }],
  }
}

function aliasOf(id: string): { id: string; source: { name: string } } {
  return { id: shownText(id, 200), source: { name: shownText(id.split('-')[0] ?? id, 50) } }
}

function responseOf({ acceptance, fixed }: VexStatement): 'update' | 'will_not_fix' | 'can_not_fix' {
  if (acceptance !== null) return 'will_not_fix'
  return fixed ? 'update' : 'can_not_fix'
}

function detailOf(one: VexStatement): string {
  const accepted = one.acceptance === null ? '' : ` ${acceptanceWords(one.acceptance)}.`
  return shownText(`${one.why} (${whereWords(one)}).${accepted}`, 3_000)
}

function isPlainUrl(url: string): boolean {
  return /^https:\/\/[A-Za-z0-9.-]{1,253}\/[A-Za-z0-9._~/?=&%-]{0,1000}$/.test(url)
}
