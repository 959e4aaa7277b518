import type { Store } from '@upkeep/engine/store/store'
import { observationsOf } from '@upkeep/engine/store/stored-observations'
import type { Context } from './context.ts'

interface PlaceLine {
  about: string
  state: 'fine' | 'not there' | 'attention'
  detail: string
  why: string
}

/** Each configuration file that was found when we last looked, and the homes and projects in which we look. */
export async function lookedAt(context: Context, store: Store | null): Promise<PlaceLine[]> {
  const places = context.places.flatMap((place): PlaceLine[] => [
    {
      about: 'home',
      state: 'fine',
      detail: place.home,
      why: place.machine ? 'of whoever runs this' : 'given with --homes',
    },
    ...place.projects.map(
      (project): PlaceLine => ({
        about: 'project',
        state: 'fine',
        detail: project,
        why: 'this folder, or listed in upkeep.yaml',
      }),
    ),
  ])
  return [...places, ...(await foundFiles(context, store))]
}

async function foundFiles(context: Context, store: Store | null): Promise<PlaceLine[]> {
  if (store === null) return []
  for (const duty of context.duties) {
    if (!duty.sees.includes('client-config')) continue
    const run = await store.runs.latestCompleted(duty.id)
    if (run === null) continue
    return (await observationsOf(store, run)).flatMap((one): PlaceLine[] => {
      if (one.kind !== 'client-config') return []
      if (one.state === 'absent') return []
      if (one.state === 'unavailable')
        return [{ about: 'file', state: 'attention', detail: one.subject.id.replace(/^file:/, ''), why: one.reason }]
      const count = one.facts.servers.length
      const why = `${one.facts.client}, ${one.facts.scope} scope: ${count} ${count === 1 ? 'entry' : 'entries'}`
      return [
        { about: 'file', state: one.facts.problems.length > 0 ? 'attention' : 'fine', detail: one.facts.path, why },
      ]
    })
  }
  return []
}
