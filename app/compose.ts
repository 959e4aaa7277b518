import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Place, type Profile, type Signer, UpkeepFile } from '@upkeep/contract'
import { atomProbe } from '@upkeep/domain/attacks/atom-probe'
import { gatewayPlace } from '@upkeep/domain/gateways/gateway-place'
import { openKeyring } from '@upkeep/engine/evidence/keyring'
import { type Clock, systemClock } from '@upkeep/engine/kernel/clock'
import { stateDirFor } from '@upkeep/engine/kernel/state-dir'
import { readUpkeepFile } from '@upkeep/engine/kernel/upkeep-file'
import { type KeptParts, keptParts } from '@upkeep/engine/report/kept-parts'
import { createActs } from './acts.ts'
import { adoption } from './adoption.ts'
import { catalog } from './catalog.ts'
import { installedAtoms } from './installed-atoms.ts'
import { productVersion } from './installed-files.ts'
import { type OpenedState, openedOnce } from './opened-state.ts'
import type { Acts, Context, Machine, PersonAtDoor } from './operations/context.ts'
import { readStateSettings } from './operations/state-settings.ts'
import { thisMachine } from './places.ts'
import { type Recording, watchedState } from './recording.ts'
import { reportDuty } from './report-duty.ts'

/** What a door knows before anything is composed. */
export interface ComposeRequest {
  machine: Machine
  /** `--config`; else `upkeep.yaml` where the user stands, else in their configuration folder. */
  configPath?: string | undefined
  /** `--as`: who acts, by the id that `upkeep.yaml` gives. */
  actingAs?: string | undefined
  /** Ids of the operations that doors other than the terminal have, for whoever gives a right to use some. */
  operations?: readonly string[]
  clock?: Clock
  /** How the door over HTTP is opened, where there is one to open. */
  serve?: Acts['serve']
  /** How the MCP door is opened, where standard input and output are its own. */
  mcp?: Acts['mcp']
  /** What a shell completes, where there is a command line. */
  completion?: Acts['completion']
  /** A state that is open already, and that whoever opened it closes. */
  state?: OpenedState
  /** What was drawn of it before. */
  parts?: KeptParts
  /** `data`: nobody reads the answer as text. */
  wants?: 'text' | 'data'
  signal: AbortSignal
  progress: (what: string) => void
  tell: (line: string) => void
  /** Asked only where somebody is wanted: looking opens no terminal. */
  person?: () => PersonAtDoor | null
  /** A fleet that is not this machine's: the practice fleet. */
  fleet?: { place: Place; upkeepFile: UpkeepFile; stateDir: string; practice: boolean }
}

/** A composed product, to be closed when the command is done. */
export interface Composed {
  context: Context
  /** What was recorded through it so far. */
  recording(): Recording
  close(): Promise<void>
}

/** Puts the product together: the only place that knows every part. Opens nothing until it is asked for. */
export function compose(request: ComposeRequest): Composed {
  const { machine, fleet, signal, progress, tell, clock = systemClock } = request
  const { serve = noDoor, mcp = noDoor, completion = noDoor } = request
  const upkeepFilePath = fleet ? fleet.place.upkeepFile : findUpkeepFile(machine, request.configPath)
  const upkeepFile =
    fleet?.upkeepFile ?? (upkeepFilePath === null ? UpkeepFile.parse({ version: 1 }) : readUpkeepFile(upkeepFilePath))
  const stateDir = fleet?.stateDir ?? stateDirFor({ env: machine.env, platform: machine.platform, home: machine.home })
  const practice = fleet?.practice ?? false
  const { profile, profileFrom } = chooseProfile(upkeepFile, upkeepFilePath, stateDir)
  const adopted = adoption(catalog.duties, profile, upkeepFile)
  const keyring = openKeyring({ stateDir, practice })
  const { state, recording } = watchedState(request.state ?? openedOnce(stateDir, machine))
  const places = [
    fleet?.place ?? thisMachine({ ...machine, uid: process.getuid?.() ?? null, upkeepFile, upkeepFilePath }),
    ...upkeepFile.gateways.map(gatewayPlace),
  ]
  const atoms = installedAtoms()
  const shared = {
    clock,
    catalog: { ...catalog, serverProbes: [...catalog.serverProbes, ...atoms.map((atom) => atomProbe(atom))], atoms },
    upkeepFile,
    upkeepFilePath,
    places,
    stateDir,
    practice,
    machine,
    signal,
    progress,
    tell,
    store: state.open,
    people: upkeepFile.people,
    keyring,
  }
  const context: Context = {
    ...shared,
    version: productVersion(),
    printed: request.wants !== 'data',
    parts: request.parts ?? keptParts(),
    duties: adopted.map(reportDuty),
    profile,
    profileFrom,
    operations: request.operations ?? [],
    signer: signerOf(request.actingAs ?? machine.user),
    existingStore: state.existing,
    get person() {
      return request.person?.() ?? null
    },
    acts: createActs({ ...shared, adopted, serve, mcp, completion }),
  }
  return { context, recording, close: request.state === undefined ? state.close : async () => {} }
}

async function noDoor(): Promise<never> {
  throw new Error('this door opens no other')
}

function signerOf(person: string): Signer {
  return { person, presence: 'not-proven', signature: null }
}

/** `upkeep.yaml` where it is named, where the user stands, or in their configuration folder. */
export function findUpkeepFile(machine: Machine, named: string | undefined): string | null {
  if (named !== undefined) return named
  const configHome = machine.env.XDG_CONFIG_HOME || join(machine.home, '.config')
  const candidates = [join(machine.cwd, 'upkeep.yaml'), join(configHome, 'upkeep', 'upkeep.yaml')]
  return candidates.find((path) => existsSync(path)) ?? null
}

function chooseProfile(
  file: UpkeepFile,
  path: string | null,
  stateDir: string,
): { profile: Profile; profileFrom: Context['profileFrom'] } {
  if (path !== null) return { profile: file.profile, profileFrom: 'upkeep.yaml' }
  const saved = readStateSettings(stateDir).profile
  return saved === undefined
    ? { profile: file.profile, profileFrom: 'default' }
    : { profile: saved, profileFrom: 'settings' }
}
