import type { Refusal } from '@upkeep/contract/ports'
import { defineRemediation } from '@upkeep/contract/remediation'
import { type EntryFile, type EntryName, findEntry } from '@upkeep/domain/client-edits/entry-file'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { setPackageVersion } from '@upkeep/domain/client-edits/set-package-version'
import { analyseLaunch } from '@upkeep/domain/client-formats/launch'

/** Makes an entry ask its launcher for another version of the same package. Nothing else of the file changes. */
export const setServerVersion = defineRemediation({
  makes: 'set-server-version',
  version: 1,
  title: 'Make an entry start another version of the same package',
  reaches: ['files', 'places'],
  preview(input, ports) {
    const { path, server, package: name, from, to, integrity } = input
    const read = openNamedEntry(input, ports)
    if (read.state === 'unavailable') return read
    const asked = askedOf(read.file, read.name)
    if (asked !== undefined && asked !== from && asked !== to)
      return refused(`${server} in ${path} asks for ${asked ?? 'no version'} now, and not for ${from ?? 'none'}`)
    const edited = setPackageVersion(read.file, read.name, { name, version: to })
    if (edited.state === 'refused') return refused(`${server} in ${path}: ${edited.reason}`)
    const isThere = edited.splices.length === 0
    const was = from === null ? name : `${name}@${from}`
    return {
      state: 'possible',
      effects: isThere
        ? []
        : [
            {
              kind: 'file',
              path,
              to: { text: edited.text },
              shown: [`-${was}`, `+${name}@${to}`],
            },
          ],
      summary: [
        `${server}: ${was} becomes ${name}@${to}`,
        ...(integrity === undefined ? [] : [`its exact bytes: ${integrity.slice(0, 27)}…`]),
      ],
      limits: ['a client that runs keeps its old server until it is started again'],
      irreversible: [],
    }
  },
})

/** The version that the entry asks for now; undefined where it names none in a form of its own, which the edit will say. */
function askedOf(file: EntryFile, name: EntryName): string | null | undefined {
  const found = findEntry(file, name)
  if ('code' in found) return undefined
  const { launch } = analyseLaunch(found.entry.command ?? '', found.entry.args)
  return 'requested' in launch ? launch.requested : undefined
}

function refused(reason: string): Refusal {
  return { state: 'unavailable', code: 'not-supported', reason }
}
