import type { ArgumentChange } from '@upkeep/contract/changes/set-server-args'
import { defineRemediation } from '@upkeep/contract/remediation'
import { setArguments } from '@upkeep/domain/client-edits/entry-edits'
import { previewEntry, refusedEntry } from '@upkeep/domain/client-edits/preview-entry'
import { wordsTellSecret } from '@upkeep/domain/redaction/tells-secret'

/** Changes single arguments of an entry. Those that nobody named stay as they are, to the byte. */
export const setServerArgs = defineRemediation({
  makes: 'set-server-args',
  version: 1,
  title: 'Change single arguments of an entry',
  reaches: ['files', 'places'],
  preview(input, ports) {
    const { server, changes } = input
    // A plan is stored and shown.
    if (changes.some((change) => wordsTellSecret(textsOf(change))))
      return refusedEntry(
        input,
        'one of the arguments looks like a secret, and a secret stands in no plan: move it first',
      )
    return previewEntry(input, ports, (file, name) => ({
      edited: setArguments(file, name, changes),
      shown: changes.flatMap(shownAs),
      summary: changes.map((change) => `${server}: ${wordsFor(change)}`),
    }))
  },
})

function textsOf(change: ArgumentChange): string[] {
  if (change.kind === 'insert') return [change.text, change.before ?? '']
  return change.kind === 'remove' ? [change.from] : [change.from, change.to]
}

function shownAs(change: ArgumentChange): string[] {
  if (change.kind === 'insert') return [`+${change.text}`]
  return change.kind === 'remove' ? [`-${change.from}`] : [`-${change.from}`, `+${change.to}`]
}

function wordsFor(change: ArgumentChange): string {
  const place = `argument ${change.index + 1}`
  if (change.kind === 'insert') return `${change.text} becomes ${place}`
  return change.kind === 'remove'
    ? `${place}, ${change.from}, is taken away`
    : `${place}, ${change.from}, becomes ${change.to}`
}
