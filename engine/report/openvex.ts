import { digestOf } from '@upkeep/domain/canonical-json'
import type { Origin } from './cyclonedx-document.ts'
import { shownText } from './shown-text.ts'
import { acceptanceWords, type VexStatement, whereWords } from './vex-statement.ts'

/** An OpenVEX 0.2.0 document as we write it. */
export interface OpenVex {
  '@context': 'https://openvex.dev/ns/v0.2.0'
  '@id': string
  author: string
  timestamp: string
  version: 1
  tooling: string
  statements: OpenVexStatement[]
}

interface OpenVexStatement {
  vulnerability: { name: string; description?: string; aliases?: string[] }
  products: { '@id': string; identifiers?: { purl: string } }[]
  status: 'not_affected' | 'affected' | 'fixed' | 'under_investigation'
  status_notes: string
  impact_statement?: string
  action_statement?: string
}

const statuses = {
  affected: 'affected',
  fixed: 'fixed',
  'not-affected': 'not_affected',
  'under-investigation': 'under_investigation',
} as const

/**
 * The statements as OpenVEX. Its time is required: it is that of the run behind them unless another is asked for, and its id follows from
 * what it states, so that the same records give the same bytes.
 */
export function openVex(statements: readonly VexStatement[], origin: Origin & { author: string }): OpenVex {
  const written = statements.map(statementOf)
  return {
    '@context': 'https://openvex.dev/ns/v0.2.0',
    '@id': `urn:upkeep:openvex:${digestOf(written)}`,
    author: shownText(origin.author, 200),
    timestamp: origin.timestamp ?? origin.observedAt ?? '1970-01-01T00:00:00.000Z',
    version: 1,
    // The only place that the format leaves for what every export must carry.
    tooling: [`upkeep ${origin.version}`, ...origin.stamps].join('; '),
    statements: written,
  }
}

function statementOf(one: VexStatement): OpenVexStatement {
  const { vulnerability, status, purl } = one
  const aliases = [...new Set(vulnerability.aliases.map((alias) => shownText(alias, 200)))]
  return {
    vulnerability: {
      name: shownText(vulnerability.id, 200),
      ...(vulnerability.says === '' ? {} : { description: shownText(vulnerability.says) }),
      ...(aliases.length === 0 ? {} : { aliases }),
    },
    products: [purl === null ? { '@id': urnOf(one) } : { '@id': purl, identifiers: { purl } }],
    status: statuses[status],
    status_notes: shownText(`${one.why} (${whereWords(one)})`, 2_000),
    // The format's justifications speak of the code; a version alone is a reason in words.
    ...(status === 'not-affected' ? { impact_statement: shownText(one.why, 2_000) } : {}),
    ...(status === 'affected' ? { action_statement: actionOf(one) } : {}),
  }
}

/** An acceptance is no repair: the version stays affected, and what is done about it is that someone lives with it until a day. */
function actionOf({ acceptance, action }: VexStatement): string {
  return shownText(acceptance === null ? action : `${acceptanceWords(acceptance)}. Otherwise: ${action}`, 3_000)
}

function urnOf({ ecosystem, name, version }: VexStatement): string {
  return `urn:upkeep:component:${[ecosystem, name, version].map((part) => encodeURIComponent(part.toWellFormed())).join(':')}`
}
