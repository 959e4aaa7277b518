import type { ServerLogin } from './observations/server-login.ts'
import type { RunConsent } from './run-consent.ts'
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
  /** Registries of scopes that have one of their own. */
  registryScopes?: Readonly<Record<string, string>> | undefined
  /** What persons let be run in the sandbox. */
  consents?: readonly RunConsent[]
  /** Ids of the servers whose bytes are to be probed in the sandbox this round, or all that may be run; left out, none. */
  prove?: readonly string[] | 'all'
  /** Whether controls are attacked as well: without it known weaknesses alone are tried. */
  proveControls?: boolean
  /** The requirements that servers are held to: a JSON file. */
  requirements?: string
  /** The table of due dates: a JSON file. */
  urgency?: string
  /** Files with what the owner trusts, instead of what arrived or was fetched. Absolute paths. */
  trust?: UpkeepFile['trust']
  feeds: UpkeepFile['feeds']
  /** Folders of packs that tell how code is recognised inside other code. */
  fingerprints?: readonly string[]
  /** Archives of images on this machine, by the reference that entries use. Absolute paths. */
  images?: UpkeepFile['images']
  /** Packed bundles that the owner names: absolute paths, and why one cannot be read; the files port shows the others as folders. */
  bundles?: readonly { path: string; problem: string | null }[]
  /** What the owner states of servers. */
  servers?: UpkeepFile['servers']
  /** Files of packs that tell which vendor a host, a variable or a package belongs to. */
  vendors?: readonly string[]
  /** The logins that a person gave, by the whole address that each is for. Never a token. */
  logins?: readonly ServerLogin[]
  /** Where the lock of the desired state lies, what stands in it for a home, and what is done about what differs from it. Absolute paths. */
  desired?: { lock: string; home?: string; modes: UpkeepFile['modes'] }
  /** The folder of kept objects, such as tarballs of packages. */
  keptObjects?: string
  /** The folder in which the results of other scanners are kept. */
  foreignResults?: string
  /** Files of packs that hold the names of known packages. */
  knownNames?: readonly string[]
}
