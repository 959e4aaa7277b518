import type { ChangeOf } from '@upkeep/contract/change'
import { defineRemediation } from '@upkeep/contract/remediation'
import { addEntry } from '@upkeep/domain/client-edits/add-entry'
import { previewEntry, refusedEntry } from '@upkeep/domain/client-edits/preview-entry'
import { valueTellsSecret, wordsTellSecret } from '@upkeep/domain/redaction/tells-secret'

/** Declares a server as its client does, behind the ones that are there. */
export const addServer = defineRemediation({
  makes: 'add-server',
  version: 1,
  title: "Declare a server in a client's file",
  reaches: ['files', 'places'],
  preview(input, ports) {
    const { server, entry, path } = input
    // A plan is stored and shown.
    if (tellsSecret(entry))
      return refusedEntry(input, 'what shall be declared looks like a secret: name a reference instead')
    const line = entry.transport === 'stdio' ? [entry.command, ...entry.args].join(' ') : entry.url
    return previewEntry(input, ports, (file, name) => ({
      edited: addEntry(file, name, entry),
      shown: [`+${server}: ${line}`],
      summary: [`${server} is declared in ${path}`],
      limits: ['a client that runs starts it when it is started again'],
    }))
  },
})

function tellsSecret(entry: ChangeOf<'add-server'>['entry']): boolean {
  if (entry.transport !== 'stdio')
    return (
      wordsTellSecret([entry.url]) ||
      Object.entries(entry.headers).some(([name, value]) => valueTellsSecret(name, value))
    )
  return wordsTellSecret(entry.args) || Object.entries(entry.env).some(([name, value]) => valueTellsSecret(name, value))
}
