import { defineRemediation } from '@upkeep/contract/remediation'
import { setAutoApprove } from '@upkeep/domain/client-edits/entry-edits'
import { findEntry } from '@upkeep/domain/client-edits/entry-file'
import { previewEntry, refusedEntry } from '@upkeep/domain/client-edits/preview-entry'

/** Sets which tools of a server its client calls without asking. */
export const setClientPermission = defineRemediation({
  makes: 'set-client-permission',
  version: 1,
  title: 'Set which tools are called without asking',
  reaches: ['files', 'places'],
  preview(input, ports) {
    const { server, from, to } = input
    return previewEntry(input, ports, (file, name) => {
      const found = findEntry(file, name)
      if ('code' in found) return refusedEntry(input, found.reason)
      const now = found.entry.autoApprove
      if (!isSameSet(now, from) && !isSameSet(now, to))
        return refusedEntry(input, 'other tools are called without asking now than when this was planned')
      return {
        edited: setAutoApprove(file, name, to),
        shown: [...without(from, to).map((tool) => `-${tool}`), ...without(to, from).map((tool) => `+${tool}`)],
        summary: [`${server}: without asking its client calls ${to.length === 0 ? 'no tool' : to.join(', ')}`],
      }
    })
  },
})

function without(tools: readonly string[], others: readonly string[]): string[] {
  return tools.filter((tool) => !others.includes(tool))
}

function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  return without(one, other).length === 0 && without(other, one).length === 0
}
