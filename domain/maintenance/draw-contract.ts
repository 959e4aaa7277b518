import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import {
  type ContractChange,
  type ContractStatement,
  type ContractWindow,
  type MaintenanceContract,
  MaintenanceStatement,
  maintenancePredicate,
} from '@upkeep/contract/maintenance-contract'
import type { MaintenanceWindow } from '@upkeep/contract/maintenance-window'
import { windowOccurrences } from '../calendar/window-occurrences.ts'
import type { ChangeState } from '../changes/change-state.ts'
import { touchedServers } from '../changes/touched-servers.ts'
import { printable } from '../printable.ts'
import { fingerprintOf, type ListedSurface } from '../tool-surface/meaning.ts'
import { contractControls, type Proof } from './contract-controls.ts'
import { subjectDigest } from './server-uri.ts'

/** Everything that a contract is drawn from. */
export interface ContractGrounds {
  readonly now: string
  readonly publisher: MaintenanceContract['publisher']
  readonly stamps: readonly string[]
  readonly name: string
  readonly uri: string
  readonly bytes: { readonly integrity: string | null; readonly tree: string | null }
  readonly version: string | null
  readonly use: MaintenanceContract['server']['use']
  readonly reasons: readonly string[]
  readonly stated: ContractStatement
  /** Of each entry of the server what was tried on it. */
  readonly proofs: readonly (readonly Proof[])[]
  readonly windows: readonly MaintenanceWindow[]
  readonly changes: readonly { readonly state: ChangeState; readonly sheet: ImpactSheet | null }[]
  readonly approved: { readonly surface: ListedSurface; readonly at: string } | null
  readonly vex: MaintenanceContract['vex']
}

const dayMs = 86_400_000
/** So far ahead windows are said, beyond the end of the contract. */
const aheadMs = 92 * dayMs
const mostOccurrences = 100

/** The statement of one server's maintenance. The same grounds give the same statement. */
export function drawContract(grounds: ContractGrounds): MaintenanceStatement {
  const { now, name, uri, stated } = grounds
  const shown = (text: string, maxLength: number) => printable(text, { maxLength })
  const predicate: MaintenanceContract = {
    serial: Date.parse(now),
    issuedAt: now,
    validUntil: new Date(Date.parse(now) + stated.validDays * dayMs).toISOString(),
    publisher: grounds.publisher,
    stamps: [...grounds.stamps],
    server: { name: shown(name, 150), use: grounds.use, reasons: [...new Set(grounds.reasons)].toSorted() },
    versions: {
      current: grounds.version === null ? null : shown(grounds.version, 150),
      supported: stated.supported ?? null,
    },
    ...contractControls(grounds.proofs),
    windows: grounds.windows
      .filter(({ servers }) => servers === undefined || servers.includes(name))
      .slice(0, 100)
      .map((window) => windowFrom(window, now)),
    changes: grounds.changes
      .filter(({ state }) => touchedServers(state.plan).includes(name))
      .flatMap(({ state, sheet }) => changeFrom(state, sheet, name))
      .slice(0, 100),
    surface: surfaceFrom(grounds.approved),
    endOfLife: stated.endOfLife ?? null,
    vex: grounds.vex,
    contacts: stated.contacts,
  }
  // What is published is what its schema says, whatever stood in the records.
  return MaintenanceStatement.parse({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: shown(name, 150), uri, digest: subjectDigest(uri, grounds.bytes) }],
    predicateType: maintenancePredicate,
    predicate,
  })
}

function windowFrom(window: MaintenanceWindow, now: string): ContractWindow {
  const { name, rrule, at, zone, duration, first } = window
  const end = new Date(Date.parse(now) + aheadMs).toISOString()
  const next = windowOccurrences(window, now, end).slice(0, mostOccurrences)
  return {
    name: printable(name, { maxLength: 60 }),
    ...{ rrule, at, zone, duration, first: first ?? null },
    next: next.map(({ from, until }) => ({ from, until })),
  }
}

/** Only what was approved, as it stands: what somebody merely proposed is nobody else's business. */
function changeFrom(state: ChangeState, sheet: ImpactSheet | null, name: string): ContractChange[] {
  const { id, plan, phase, window, approvals, digest, appliedAt, lastAt } = state
  if (phase === 'closed') return []
  const isPlanned = phase === 'proposed'
  const isApproved = approvals.some((one) => one.decision === 'approved' && one.digest === digest)
  if (isPlanned && !isApproved) return []
  return [
    {
      change: id,
      title: printable(plan.title, { maxLength: 240 }),
      state: isPlanned ? 'planned' : 'under-way',
      from: isPlanned ? (window?.from ?? null) : (appliedAt ?? lastAt),
      until: isPlanned ? (window?.until ?? null) : null,
      surface: nextSurface(sheet, name),
    },
  ]
}

function nextSurface(sheet: ImpactSheet | null, name: string): ContractChange['surface'] {
  const impact = sheet?.servers.find(({ server }) => server === printable(name))
  if (impact === undefined || impact.surface.state !== 'compared') return null
  const { fingerprint, is, changes } = impact.surface
  const shown = (text: string) => printable(text, { maxLength: 240 })
  return {
    fingerprint: fingerprint ?? null,
    tools: is,
    changes: changes
      .slice(0, 500)
      .map(({ kind, of, path }) => ({ kind, of: of === null ? null : shown(of), path: shown(path) })),
  }
}

function surfaceFrom(approved: ContractGrounds['approved']): MaintenanceContract['surface'] {
  if (approved === null || approved.surface.tools === null) return null
  return {
    fingerprint: fingerprintOf(approved.surface),
    tools: approved.surface.tools.length,
    approvedAt: approved.at,
  }
}
