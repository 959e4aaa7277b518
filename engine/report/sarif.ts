import type { Finding } from '@upkeep/contract/finding'
import { printable } from '@upkeep/domain/printable'
import { printableJson } from '@upkeep/domain/printable-json'
import type { Log, Notification, ReportingDescriptor, Result, Run } from 'sarif'
import type { AcceptedFinding, ReportDuty, ReportModel } from './report-model.ts'
import { fileUri, locationOf, sourceRoot } from './sarif-location.ts'
import { coverageParts, stampsOf } from './words.ts'

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const

/**
 * The open findings as SARIF 2.1.0. Accepted ones are there, suppressed; what could not be judged is a notification, never silence. `root`: the project that was
 * looked at alone; what lies below it is named relative to it.
 */
export function renderSarif(model: ReportModel, root: string | null = null): string {
  return printableJson(sarifLog(model, root))
}

function sarifLog(model: ReportModel, root: string | null): Log {
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [sarifRun(model, root)],
  }
}

function sarifRun(model: ReportModel, root: string | null): Run {
  const rules = rulesOf(model)
  const known = { rules: new Map(rules.map((rule, index) => [rule.id, index])), servers: model.coverage.servers, root }
  const open = model.items.flatMap((item) => item.findings.map((finding) => resultOf(finding, known, item.owners)))
  const accepted = model.accepted.map((one) => ({
    ...resultOf(one.finding, known),
    suppressions: [suppressionOf(one)],
  }))
  return {
    tool: { driver: { name: 'upkeep', version: model.version, rules } },
    columnKind: 'utf16CodeUnits',
    ...(root === null ? {} : { originalUriBaseIds: { [sourceRoot]: { uri: `${fileUri(root).replace(/\/$/, '')}/` } } }),
    invocations: [
      { executionSuccessful: true, endTimeUtc: model.at, toolExecutionNotifications: notificationsOf(model) },
    ],
    automationDetails: { id: `upkeep/${model.practice ? 'practice' : 'fleet'}/` },
    results: [...open, ...accepted],
    properties: {
      practice: model.practice,
      simulatedClock: model.simulatedClock,
      stamps: stampsOf(model),
      coverage: coverageParts(model),
      ledgerSize: model.ledger.size,
    },
  }
}

function rulesOf(model: ReportModel): ReportingDescriptor[] {
  const duties: ReportDuty[] = [...new Set([...model.standings.map((one) => one.duty), ...model.notAdopted])]
  return duties.flatMap((duty) =>
    duty.rules.map((rule) => ({
      id: `${duty.id}/${rule.id}`,
      name: rule.id,
      shortDescription: { text: rule.title },
      fullDescription: { text: `${duty.title}: ${rule.title}` },
      help: { text: rule.help },
      defaultConfiguration: { level: levels[rule.severity] },
      properties: { severity: rule.severity, ruleVersion: rule.version, tags: ['security', duty.heading] },
    })),
  )
}

interface Known {
  rules: ReadonlyMap<string, number>
  servers: ReportModel['coverage']['servers']
  root: string | null
}

function resultOf(finding: Finding, { rules, servers, root }: Known, owners: readonly string[] = []): Result {
  const { statement } = finding
  const ruleId = `${statement.duty}/${statement.rule}`
  const ruleIndex = rules.get(ruleId)
  return {
    ruleId,
    ...(ruleIndex === undefined ? {} : { ruleIndex }),
    level: levels[statement.severity],
    kind: 'fail',
    message: { text: shown(`${statement.summary}\n${statement.action}`, 4_000) },
    locations: [locationOf(statement, servers, root)],
    partialFingerprints: { 'upkeep/v1': statement.fingerprint },
    properties: {
      severity: statement.severity,
      state: finding.state,
      firstSeenAt: finding.firstSeenAt,
      run: finding.run,
      record: finding.id,
      ...(owners.length === 0 ? {} : { owners: owners.map((owner) => shown(owner, 200)) }),
    },
  }
}

function suppressionOf({ acceptance }: AcceptedFinding): NonNullable<Result['suppressions']>[number] {
  const who = `accepted by ${acceptance.signer.person} until ${acceptance.until}`
  return { kind: 'external', status: 'accepted', justification: shown(`${who}: ${acceptance.reason}`, 2_500) }
}

function notificationsOf(model: ReportModel): Notification[] {
  const unknowns = model.unknowns.map((group) => {
    const names = group.subjects.slice(0, 20).map((subject) => subject.name)
    return `unknown for ${names.join(', ')}: ${group.reason}`
  })
  const files = model.coverage.unreadable.map((one) => `could not read ${one.subject.id}: ${one.reason}`)
  return [...unknowns, ...files].map((text) => ({ level: 'warning', message: { text: shown(text, 2_000) } }))
}

function shown(text: string, maxLength: number): string {
  return printable(text, { maxLength, newlines: 'keep' })
}
