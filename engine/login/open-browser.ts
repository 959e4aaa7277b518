import { spawn } from 'node:child_process'
import { findProgram } from '../ports/find-program.ts'

/**
 * Opens an address in the person's browser, where there is one. It is one argument of a program, never part of a command line: an
 * authorization server chose most of it.
 */
export function openBrowser(
  address: string,
  { platform, env }: { platform: string; env: Readonly<Record<string, string | undefined>> },
): boolean {
  if (!/^https?:\/\//.test(address)) return false
  const program = browserOf(platform, env)
  if (program === null) return false
  const child = spawn(program, [address], { detached: true, stdio: 'ignore' })
  child.on('error', () => {})
  child.unref()
  return true
}

function browserOf(platform: string, env: Readonly<Record<string, string | undefined>>): string | null {
  if (platform === 'darwin') return '/usr/bin/open'
  const hasScreen = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY)
  return platform === 'linux' && hasScreen ? findProgram('xdg-open', env.PATH ?? '') : null
}
