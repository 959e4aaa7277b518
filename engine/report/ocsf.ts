import type { StatedFinding } from '@upkeep/contract/finding'
import { printableJson } from '@upkeep/domain/printable-json'
import { shownText } from './shown-text.ts'
import { urlOf } from './vex-statement.ts'
import { AdvisoryFacts, type Standing } from './vex-statements.ts'

/** The version of the schema that events are written in: no attribute is newer. */
export const ocsfVersion = '1.4.0'

const classUid = 2002
const severities = { critical: [5, 'Critical'], high: [4, 'High'], medium: [3, 'Medium'], low: [2, 'Low'] } as const
const activities = { 1: 'Create', 2: 'Update', 3: 'Close' } as const

/**
 * The newest record of each finding as an OCSF Vulnerability Finding, one event on each line. An accepted one is suppressed with its reason;
 * one that rests on no advisory names the rule that found it.
 */
export function renderOcsf(
  standing: readonly Standing[],
  origin: { version: string; stamps: readonly string[] },
): string {
  return standing.map((one) => `${printableJson(eventOf(one, origin), 0)}\n`).join('')
}

function eventOf(standing: Standing, { version, stamps }: { version: string; stamps: readonly string[] }): object {
  const { finding, acceptance } = standing
  const { statement } = finding
  const activity = activityOf(standing)
  const [severityId, severity] = severities[statement.severity]
  return {
    activity_id: activity,
    activity_name: activities[activity],
    category_uid: 2,
    category_name: 'Findings',
    class_uid: classUid,
    class_name: 'Vulnerability Finding',
    type_uid: classUid * 100 + activity,
    type_name: `Vulnerability Finding: ${activities[activity]}`,
    time: Date.parse(finding.at),
    message: shownText(statement.summary),
    severity_id: severityId,
    severity,
    ...statusOf(standing),
    ...(acceptance === null
      ? {}
      : { comment: shownText(`${acceptance.signer.person} until ${acceptance.until}: ${acceptance.reason}`, 2_500) }),
    metadata: {
      version: ocsfVersion,
      uid: finding.id,
      product: { name: 'upkeep', vendor_name: 'upkeep', version },
      log_name: 'findings',
      original_time: finding.at,
      ...(stamps.length === 0 ? {} : { labels: [...stamps] }),
    },
    finding_info: infoOf(standing),
    resources: [
      {
        uid: shownText(statement.subject.id),
        name: shownText(statement.subject.name, 300),
        type: statement.subject.kind,
      },
    ],
    vulnerabilities: [vulnerabilityOf(statement)],
  }
}

function activityOf({ finding: { state, at, firstSeenAt } }: Standing): keyof typeof activities {
  if (state === 'resolved') return 3
  return state === 'open' && at === firstSeenAt ? 1 : 2
}

function statusOf({ finding, acceptance }: Standing): { status_id: number; status: string } {
  if (finding.state === 'resolved') return { status_id: 4, status: 'Resolved' }
  return acceptance === null ? { status_id: 1, status: 'New' } : { status_id: 3, status: 'Suppressed' }
}

function infoOf({ finding: { statement, firstSeenAt, at } }: Standing): object {
  return {
    uid: statement.fingerprint,
    title: shownText(statement.title),
    desc: shownText(statement.summary),
    types: [`${statement.duty}/${statement.rule}`],
    first_seen_time: Date.parse(firstSeenAt),
    created_time: Date.parse(firstSeenAt),
    modified_time: Date.parse(at),
  }
}

function vulnerabilityOf(statement: StatedFinding): object {
  const about = {
    title: shownText(statement.title),
    desc: shownText(statement.summary),
    severity: severities[statement.severity][1],
    vendor_name: 'upkeep',
    remediation: { desc: shownText(statement.action) },
  }
  const facts = AdvisoryFacts.safeParse(statement.facts)
  if (!facts.success) return { ...about, advisory: { uid: `${statement.duty}/${statement.rule}`, title: about.title } }
  const { data } = facts
  const cve = [data.advisory, ...data.aliases].find((name) => name.startsWith('CVE-'))
  return {
    ...about,
    ...(cve === undefined
      ? { advisory: { uid: shownText(data.advisory, 200) } }
      : { cve: { uid: shownText(cve, 200) } }),
    references: data.references.slice(0, 20).map((one) => shownText(one)),
    is_fix_available: data.proposed !== null || data.fixedIn.length > 0,
    affected_packages: packagesOf(data),
  }
}

function packagesOf({ ecosystem, package: name, version, found, fixedIn, proposed }: AdvisoryFacts): object[] {
  const fixed = proposed ?? fixedIn[0]
  const places = found.length === 0 ? [{ version, path: null }] : found
  return places.slice(0, 20).map((place) => {
    const purl = urlOf(ecosystem, name, place.version)
    return {
      name: shownText(name, 500),
      version: shownText(place.version, 200),
      package_manager: shownText(ecosystem, 50),
      ...(purl === null ? {} : { purl }),
      ...(place.path === null ? {} : { path: shownText(place.path) }),
      ...(fixed === undefined ? {} : { fixed_in_version: shownText(fixed, 200) }),
    }
  })
}
