import type { UpkeepFile } from './upkeep-file.ts'

/** What the owner allows this round, from `upkeep.yaml` and the command line. */
export interface Settings {
  /** Endpoints listed under `probe`: may be connected to, listed, and tried with negative requests. */
  probe: UpkeepFile['probe']
  /** `--probe`: URLs found in client configurations may be connected to and listed; never tried with negative requests. */
  connectToDeclared: boolean
  /** `--online`: the package registry may be asked. */
  online: boolean
  registryUrl: string
  feeds: UpkeepFile['feeds']
}
