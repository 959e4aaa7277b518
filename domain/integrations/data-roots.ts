import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import { behindLauncher } from '../client-formats/our-launcher.ts'
import { shownPart } from './addresses.ts'

const maxRoots = 100

/**
 * The folders and files that an entry hands to its server: paths among its arguments, without the program and its
 * script. What our launcher is told of secrets goes to no server.
 */
export function dataRootsIn(server: Pick<DeclaredServer, 'args' | 'launch'>): string[] {
  const script = 'script' in server.launch ? server.launch.script : null
  const roots = server.args
    .slice(behindLauncher(server.args.map((arg) => (arg.kind === 'plain' ? arg.text : ''))))
    .flatMap((arg) => (arg.kind === 'plain' ? pathsIn(shownPart(arg)) : []))
  return [...new Set(roots)].filter((path) => path !== script).slice(0, maxRoots)
}

/** A path alone, after `--flag=`, as the source of a mount, or before the colon of a volume. */
function pathsIn(text: string): string[] {
  const mounted = /(?:^|,)(?:src|source)=([^,]{1,1000})/.exec(text)?.[1]
  if (mounted !== undefined) return [mounted]
  const equals = text.startsWith('-') ? text.indexOf('=') : -1
  const value = text.startsWith('-') ? (equals < 0 ? '' : text.slice(equals + 1)) : text
  if (!/^(?:\/(?!\/)|~|\.{1,2}(?:[\\/]|$)|[A-Za-z]:[\\/]|\$)/.test(value)) return []
  const volume = /^(\/[^:]{0,1000}):\//.exec(value)?.[1]
  return [volume ?? value]
}
