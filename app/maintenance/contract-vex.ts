import type { MaintenanceContract } from '@upkeep/contract/maintenance-contract'
import type { FleetParts } from '@upkeep/engine/report/fleet-parts'
import { tilde } from '@upkeep/engine/report/home-as-tilde'
import { openVex } from '@upkeep/engine/report/openvex'
import { vexStatements } from '@upkeep/engine/report/vex-statements'
import type { Store } from '@upkeep/engine/store/store'
import type { Context } from '../operations/context.ts'
import { standingFindings } from '../operations/find-findings.ts'

const most = 2_000

/**
 * Which advisories hold for a server, for strangers: without who accepted what and why, and without the folders of this machine. Null where
 * no advisory at hand is about any of it.
 */
export async function contractVex(
  { clock, version, machine }: Pick<Context, 'clock' | 'version' | 'machine'>,
  store: Store,
  { servers, advisories, run }: Pick<FleetParts, 'servers' | 'advisories' | 'run'>,
): Promise<MaintenanceContract['vex']> {
  const standing = await standingFindings(store, clock.now())
  const known = vexStatements(servers, advisories, standing).map((one) => ({ ...one, acceptance: null }))
  if (known.length === 0) return null
  const bounded = known.toSorted((a, b) => rank(a) - rank(b)).slice(0, most)
  const origin = { version, observedAt: run?.startedAt ?? null, run: run?.id ?? null, stamps: [], author: 'upkeep' }
  const { statements, ...document } = openVex(bounded, origin)
  const shown = (text: string) => tilde(text, machine.home)
  return {
    ...document,
    statements: statements.map(({ status_notes: _, impact_statement, action_statement, ...one }) => ({
      ...one,
      ...(impact_statement === undefined ? {} : { impact_statement: shown(impact_statement) }),
      ...(action_statement === undefined ? {} : { action_statement: shown(action_statement) }),
    })),
  }
}

/** What is left out may not be what is bad. */
function rank({ status }: { status: string }): number {
  return ['affected', 'under-investigation', 'fixed', 'not-affected'].indexOf(status)
}
