import { homedir, userInfo } from 'node:os'
import type { Machine } from './operations/context.ts'

/** This machine as a door finds it. `HOME` counts before the system's own list, as it does for the clients. */
export function thisProcess(programPath: string): Machine {
  return {
    platform: process.platform,
    home: process.env.HOME && process.platform !== 'win32' ? process.env.HOME : homedir(),
    user: userName(),
    env: process.env,
    cwd: process.cwd(),
    nodePath: process.execPath,
    programPath,
  }
}

/** The name of whoever runs this; a number where the system has none for it, as in a container. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`
  }
}
