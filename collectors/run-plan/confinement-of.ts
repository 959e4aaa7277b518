import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { RunPlan } from '@upkeep/contract/observations/run-plan'
import type { FilesPort, PlacesPort } from '@upkeep/contract/ports'
import { readWalls } from '@upkeep/domain/confinement/read-walls'

/** A plan with what the profile of its entry leaves the server; as it is where the entry is not confined. A text says why it would not start. */
export function confinementOf(
  ports: { files: FilesPort; places: PlacesPort },
  server: DeclaredServer,
  plan: RunPlan,
): RunPlan | string {
  const { confined } = server
  if (confined === undefined) return plan
  const profile = readWalls(ports, server)
  if (typeof profile === 'string') return `its entry says that it is confined: ${profile}`
  if (profile.start.file !== plan.file)
    return 'its walls were made for other bytes than its launcher would have started: confine it again'
  const access = plan.folders.map((path) => profile.places.find((place) => place.path === path)?.access ?? 'none')
  const { network } = profile
  return { ...plan, confined: { profile: confined.profile, sealed: confined.sealed, network, access } }
}
