import { ConfinementProfile } from '@upkeep/contract/confinement'
import type { DeclaredServer } from '@upkeep/contract/observations/declared-server'
import type { FilesPort, PlacesPort } from '@upkeep/contract/ports'
import { utf8Text } from '../archives/byte-text.ts'
import { digestOfText } from '../canonical-json.ts'
import { isSameLine } from './confined-words.ts'
import { wordsBehind } from './draft-profile.ts'

const maxBytes = 4 << 20

/**
 * The profile of an entry that says that it is confined. A text where our launcher would start nothing, or where what stands in its place
 * is not the launcher of this installation.
 */
export function readWalls(
  { files, places }: { files: FilesPort; places: PlacesPort },
  server: DeclaredServer,
): ConfinementProfile | string {
  const { confined } = server
  if (confined === undefined) return 'it is not confined'
  if (!isOurLauncher(server, places.ownProgram())) return 'what starts it is not the launcher of this installation'
  const read = files.read(confined.profile, maxBytes)
  if (read.state !== 'present') return 'its profile cannot be read, so that nothing is started'
  const text = utf8Text(read.bytes)
  if (digestOfText(text) !== confined.sealed)
    return 'its profile was altered since it was approved, so that nothing is started'
  const profile = profileIn(text)
  if (profile === null) return 'its profile is not of the documented form, so that nothing is started'
  return isSameLine(wordsBehind(server), profile.words)
    ? profile
    : 'its walls were made for another command line, so that nothing is started'
}

/** The words right before `run-confined`. */
function isOurLauncher({ command, args }: DeclaredServer, own: readonly string[]): boolean {
  const words = [command, ...args].map((value) => (value?.kind === 'plain' ? value.text : null))
  const at = words.indexOf('run-confined')
  return own.length > 0 && own.every((word, index) => words[at - own.length + index] === word)
}

function profileIn(text: string): ConfinementProfile | null {
  try {
    return ConfinementProfile.parse(JSON.parse(text))
  } catch {
    return null
  }
}
