import { defineRemediation } from '@upkeep/contract/remediation'
import { setDisabled } from '@upkeep/domain/client-edits/entry-edits'
import { type EntryFile, findEntry } from '@upkeep/domain/client-edits/entry-file'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { previewEntry, refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { takeAway } from '@upkeep/domain/client-edits/take-away'

/** Switches an entry off by its client's own switch; where there is none, or it is not heeded, the entry is taken out. */
export const disableServer = defineRemediation({
  makes: 'disable-server',
  version: 1,
  title: 'Switch an entry off',
  reaches: ['files', 'places'],
  preview(input, ports) {
    const { server, path } = input
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return opened
    const { file, name } = opened
    const found = findEntry(file, name)
    if ('code' in found && found.code === 'no-such-path') return nothingThere(server, path)
    const off = setDisabled(file, name, true)
    if (off.state === 'edited')
      return previewEntry(input, ports, () => ({
        edited: off,
        shown: [`-${server}: on`, `+${server}: off`],
        summary: [`${server} is switched off in ${path}`],
      }))
    if (off.code !== 'not-expressible') return refusedEntry(input, off.reason)
    const taken = takeAway(file, name)
    if ('state' in taken) return refusedEntry(input, taken.reason)
    return {
      ...nothingThere(server, path),
      effects: taken.effects,
      summary: [`${server} is taken out of ${path}: ${whyOut(file.client, off.reason)}`],
      limits: [untilRestarted, 'to switch it on again take the change back: that brings the entry back'],
    }
  },
})

/** Why it is not switched off but taken out. */
function whyOut(client: EntryFile['client'], reason: string): string {
  return client === 'fiberplane-gateway' ? 'the gateway has no switch' : (reason.split(':')[0] ?? reason)
}

function nothingThere(server: string, path: string) {
  const summary = [`${server} is not declared in ${path}`]
  return { state: 'possible' as const, effects: [], summary, limits: [], irreversible: [] }
}
