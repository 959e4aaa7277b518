import type { ApprovedServer } from '@upkeep/contract/observations/approved-server'
import type { ResolvedPackage } from '@upkeep/contract/observations/resolved-package'
import type { CurrentServer } from './compare-server.ts'

/** What of a server's bytes and permissions cannot be compared, and why. A server whose bytes nobody can see is never called unchanged. */
export function unjudgedBytes(approved: ApprovedServer, current: CurrentServer): string[] {
  const unknowns: string[] = []
  if (approved.exposure !== null && current.exposure.state === 'unavailable') {
    unknowns.push(`permissions of the file: ${current.exposure.reason}`)
  }
  if (current.declared.launch.via === 'remote' || current.resolved.state !== 'seen') return unknowns
  if (approved.resolved === null) return [...unknowns, 'installed files were not seen when the state was approved']
  return [...unknowns, ...unseenBytes(current, current.resolved.facts)]
}

function unseenBytes({ declared }: CurrentServer, resolved: ResolvedPackage): string[] {
  const { launch } = declared
  if (launch.via === 'docker' || launch.via === 'podman') {
    return launch.digest === null ? [`the image is named by a tag, which can move: ${resolved.why}`] : []
  }
  if (resolved.installed.length === 0) return [`no installed copy to compare: ${resolved.why}`]
  return resolved.installed
    .filter((copy) => copy.digest === null)
    .map((copy) => `${copy.root} could not be read whole: ${copy.problems[0] ?? 'no reason given'}`)
}
