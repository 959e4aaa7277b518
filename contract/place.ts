/**
 * Where configuration is looked for: one person's home on one machine, and the projects in it. A scan of this machine has one place;
 * `--homes <dir>` has one per folder.
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
}
