import type { ListedGateway } from './gateway.ts'

/**
 * Where configuration is looked for: one person's home on one machine, and the projects in it; or a gateway. A scan of this machine has one place
 * and one for each listed gateway; `--homes <dir>` has one per folder.
 */
export interface Place {
  /** Stable name of the place: the home's path. */
  id: string
  home: string
  platform: 'linux' | 'darwin' | 'win32'
  /** Variables that say where a client keeps its files: `XDG_CONFIG_HOME`, `APPDATA`, `CODEX_HOME` …; empty for other people's homes. */
  env: Readonly<Record<string, string>>
  /** Folders that may hold project configuration. Absolute. */
  projects: readonly string[]
  /** Files that belong to the machine: `managed-mcp.json`, global packages. False for a home that is not this machine's. */
  machine: boolean
  /** The `upkeep.yaml` that applies, when there is one. */
  upkeepFile: string | null
  /** The numeric user whose home it is, when known. */
  uid: number | null
  /** The gateway that the place is, instead of a home: its servers are asked for. Left out for a home. */
  gateway?: ListedGateway
}
