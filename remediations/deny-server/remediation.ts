import type { FilesPort, PlacesPort, Refusal } from '@upkeep/contract/ports'
import { defineRemediation } from '@upkeep/contract/remediation'
import { utf8Text } from '@upkeep/domain/archives/byte-text'
import { editText } from '@upkeep/domain/client-edits/edit-text'
import { deniedKey, managedSettings } from '@upkeep/domain/client-formats/claude-managed'
import { maxBytesOf, parseText } from '@upkeep/domain/client-formats/parse-text'
import { at, isList } from '@upkeep/domain/client-formats/tree'

/** Puts a server on Claude Code's list of those that are started for nobody on the machine. */
export const denyServer = defineRemediation({
  makes: 'deny-server',
  version: 1,
  title: 'Deny a server on the whole machine',
  reaches: ['files', 'places'],
  preview({ path, name }, { files, places }) {
    const refused = mayEdit(path, { files, places })
    if (refused !== null) return refused
    const text = textNow(files, path)
    if (typeof text !== 'string') return text
    const parsed = parseText(text, 'json')
    const list = parsed.state === 'parsed' ? at(parsed.tree, deniedKey) : undefined
    if (list !== undefined && !isList(list)) return refusal('malformed', `${path}: ${deniedKey} is no list`)
    const isThere = (list ?? []).some((item) => at(item, 'serverName') === name)
    const item = { serverName: name }
    const edit =
      list === undefined
        ? { kind: 'set' as const, path: [deniedKey], value: [item] }
        : { kind: 'set' as const, path: [deniedKey, list.length], value: item }
    const edited = isThere ? null : editText(text, 'json', [edit])
    if (edited?.state === 'refused') return refusal('not-supported', `${path}: ${edited.reason}`)
    return {
      state: 'possible',
      effects:
        edited === null
          ? []
          : [
              {
                kind: 'file',
                path,
                to: { text: edited.text, mode: modeFor(files, path) },
                shown: [`+denied: ${name}`],
              },
            ],
      summary: [`Claude Code starts no server called ${name} for anybody on this machine, whatever declares it`],
      limits: [
        'a session that runs keeps its servers until it is started again',
        'it goes by the name: the same server under another name is not stopped by it',
      ],
      irreversible: [],
    }
  },
})

const empty = '{\n}\n'

/** Everybody's Claude Code has to be able to read it. */
const newMode = 0o644

function modeFor(files: FilesPort, path: string): number {
  const facts = files.inspect(path)
  return facts.state === 'present' ? facts.mode & 0o7777 : newMode
}

/** Managed settings belong to whoever administers the machine: nobody else changes them, and their folder is not made by the way. */
function mayEdit(path: string, { files, places }: { files: FilesPort; places: PlacesPort }): Refusal | null {
  const place = places.list().find(({ machine, platform }) => machine && managedSettings[platform] === path)
  if (place === undefined) return refusal('not-supported', `${path} is not where this machine keeps managed settings`)
  const folder = path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')))
  const [file, around] = [files.inspect(path), files.inspect(folder)]
  if (file.state === 'unavailable') return file
  if (around.state !== 'present')
    return refusal(
      'unreachable',
      `${folder} is not there: whoever administers the machine makes it, readable for everybody`,
    )
  const owner = file.state === 'present' ? file.uid : around.uid
  if (place.uid === null || owner === place.uid) return null
  return refusal(
    'permission-denied',
    `${path} belongs to user ${owner}, and this is user ${place.uid}: ask whoever administers the machine`,
  )
}

function textNow(files: FilesPort, path: string): string | Refusal {
  const read = files.read(path, maxBytesOf.json)
  if (read.state === 'absent') return empty
  if (read.state === 'unavailable') return read
  const text = utf8Text(read.bytes)
  return text.includes('\uFFFD') ? refusal('malformed', `${path} is not UTF-8 throughout`) : text
}

function refusal(code: Refusal['code'], reason: string): Refusal {
  return { state: 'unavailable', code, reason }
}
