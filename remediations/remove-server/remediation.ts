import { defineRemediation } from '@upkeep/contract/remediation'
import { openNamedEntry } from '@upkeep/domain/client-edits/named-entry'
import { refusedEntry, untilRestarted } from '@upkeep/domain/client-edits/preview-entry'
import { takeAway } from '@upkeep/domain/client-edits/take-away'

/** Takes an entry out of its client's file. What stands around it stays. */
export const removeServer = defineRemediation({
  makes: 'remove-server',
  version: 1,
  title: "Take an entry out of its client's file",
  reaches: ['files', 'places'],
  preview(input, ports) {
    const opened = openNamedEntry(input, ports)
    if (opened.state === 'unavailable') return opened
    const taken = takeAway(opened.file, opened.name)
    if ('state' in taken) return refusedEntry(input, taken.reason)
    return {
      state: 'possible',
      effects: taken.effects,
      summary: [`${input.server} is no longer declared in ${input.path}`],
      limits: [untilRestarted],
      irreversible: [],
    }
  },
})
