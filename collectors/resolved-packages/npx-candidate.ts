import type { Installation } from '@upkeep/contract/observations/resolved-package'
import { meetsRequest } from '@upkeep/domain/npx-request'

/** A launch through npx or npm exec, as declared. */
export interface NpxLaunch {
  name: string
  requested: string | null
  packages: readonly string[]
}

/** One installed copy and what npm would think of it. */
export interface NpxCandidate {
  installation: Installation
  /** Whether the npm that starts looks there: not known where several are installed, each with its own global tree. */
  used: 'yes' | 'maybe' | 'no'
  /** True when it is taken for its command's name alone, whatever package it belongs to. */
  byCommand: boolean
}

/** True when a copy is one that the request means. */
export function isMeant(launch: NpxLaunch, { installation, byCommand }: NpxCandidate): boolean {
  if (byCommand) return true
  return installation.version !== null && meetsRequest(installation.version, launch.requested)
}
