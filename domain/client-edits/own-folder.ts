import type { Place } from '@upkeep/contract/place'
import { joinPath } from '../client-formats/join-path.ts'

/** Where files of ours lie that entries of a person's clients rest on: below their configuration folder. */
export function ownFolder({ home, env }: Place, part: 'secrets' | 'confined'): string {
  const xdg = env.XDG_CONFIG_HOME
  const config = xdg?.startsWith('/') === true ? xdg : joinPath(home, '/.config')
  return joinPath(config, `/upkeep/${part}`)
}

/** A name as it may stand in the name of a file. */
export function plainFileName(...names: readonly string[]): string {
  return names.map((name) => name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 60)).join('.')
}
