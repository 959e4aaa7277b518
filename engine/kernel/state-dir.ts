import { posix, win32 } from 'node:path'
import { UserError } from '@upkeep/contract/errors'

/** What decides where the state lies. */
export interface StateDirInput {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: string
  readonly home: string
}

/**
 * The state folder: `$UPKEEP_HOME`, else the platform's own place for state. The path is absolute. A relative `$UPKEEP_HOME` is refused,
 * since it would be another folder from every place that it is called from; a relative `$XDG_STATE_HOME` is void by its specification.
 */
export function stateDirFor(input: StateDirInput): string {
  const path = input.platform === 'win32' ? win32 : posix
  const chosen = input.env.UPKEEP_HOME
  if (chosen) {
    if (path.isAbsolute(chosen)) return path.normalize(chosen)
    throw new UserError(
      'state-unusable',
      'UPKEEP_HOME is not an absolute path.',
      'Set UPKEEP_HOME to an absolute path.',
    )
  }
  return path.join(stateParent(input), 'upkeep')
}

function stateParent({ env, platform, home }: StateDirInput): string {
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support')
  if (platform === 'win32') return env.LOCALAPPDATA || win32.join(home, 'AppData', 'Local')
  const xdg = env.XDG_STATE_HOME
  return xdg && posix.isAbsolute(xdg) ? xdg : posix.join(home, '.local', 'state')
}
