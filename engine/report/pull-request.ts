import type { ManagedDocument } from '@upkeep/contract/change-document'
import type { ImpactSheet } from '@upkeep/contract/impact-sheet'
import { type Block, facts, list, type Section } from './document-block.ts'
import { sectionsMarkdown } from './document-markdown.ts'

/**
 * The text of a pull request, as Markdown, for whoever reviews the branch and was not there: what changes and why, what it means, what was
 * tried, how bad it can be, the way back, and what is left for a person to look at. From sealed records alone.
 */
export function pullRequestText(document: ManagedDocument, sheet: ImpactSheet | null): string {
  const sections: Section[] = [
    { title: 'What it does', blocks: [...list(document.what.summary), ...differences(document)] },
    { title: 'Why', blocks: whyBlocks(document) },
    { title: 'What it means', blocks: sheet === null ? list(['no impact sheet was drawn']) : sheetBlocks(sheet) },
    { title: 'Tests', blocks: testBlocks(document) },
    { title: 'Risk', blocks: riskBlocks(document) },
    { title: 'Way back', blocks: wayBackBlocks(document) },
    { title: 'What to check', blocks: list(checksOf(document, sheet)) },
  ]
  const tops = document.what.effects.map(({ path }) => `${path.slice(0, path.lastIndexOf('#'))}/`)
  const lead = `Change ${document.id}. Merging it puts it in force; nothing was written but this branch.`
  return sectionsMarkdown({
    title: document.what.title,
    stamps: document.stamps,
    lead,
    sections: sections.map((one) => withoutTops(one, tops)),
  })
}

/** Where the work tree of whoever made the branch lies is nobody else's concern. */
function withoutTops({ title, blocks }: Section, tops: readonly string[]): Section {
  const short = (text: string) => tops.reduce((left, top) => left.replaceAll(top, ''), text)
  const shortened = blocks.map((block): Block => {
    if (block.kind === 'facts')
      return { ...block, rows: block.rows.map(([name, value]) => [name, short(value)] as const) }
    return block.kind === 'list' ? { ...block, items: block.items.map(short) } : { ...block, text: short(block.text) }
  })
  return { title, blocks: shortened }
}

function differences({ what }: ManagedDocument): Block[] {
  return what.effects.flatMap(({ shown }) =>
    shown.length === 0 ? [] : [{ kind: 'code' as const, text: shown.join('\n') }],
  )
}

function whyBlocks({ why }: ManagedDocument): Block[] {
  const reasons = [why.reason, ...why.justifications.map(({ reason }) => reason)].flatMap((one) => one ?? [])
  const closes = why.closes.map(({ severity, subject, summary }) => `${severity}, ${subject}: ${summary}`)
  const all = [...reasons, ...closes]
  return list(all.length === 0 ? ['nobody gave a reason, and it closes no finding'] : all)
}

function sheetBlocks(sheet: ImpactSheet): Block[] {
  return [
    ...list([sheet.inWords, ...sheet.servers.flatMap(serverLines), ...combinationLines(sheet)]),
    ...unknownBlocks(sheet),
  ]
}

function serverLines(server: ImpactSheet['servers'][number]): string[] {
  const { surface, entry, roots, variables, egress, components, runtime, advisories } = server
  const delta = (name: string, { added, removed }: { added: readonly string[]; removed: readonly string[] }) => [
    ...(added.length === 0 ? [] : [`${server.server}: ${name} added: ${added.slice(0, 10).join(', ')}`]),
    ...(removed.length === 0 ? [] : [`${server.server}: ${name} removed: ${removed.slice(0, 10).join(', ')}`]),
  ]
  return [
    ...entry.map(({ at, was, is }) => `${server.server}: ${at} was ${was}, is ${is}`),
    ...(surface.state === 'compared'
      ? surface.changes
          .slice(0, 20)
          .map(({ kind, path, was, is }) => `${server.server}: ${kind} ${path}: ${was} becomes ${is}`)
      : []),
    ...(surface.state === 'unknown' ? [`${server.server}: what its tools become is not known: ${surface.reason}`] : []),
    ...delta('folders', roots),
    ...delta('variables', variables),
    ...delta('hosts', egress),
    ...('unknown' in components
      ? [`${server.server}: packages not known: ${components.unknown}`]
      : delta('packages', components)),
    ...(runtime.was === runtime.is
      ? []
      : [`${server.server}: runtime was ${runtime.was ?? 'any'}, is ${runtime.is ?? 'any'}`]),
    ...(advisories.closed.length === 0 ? [] : [`${server.server}: closes ${advisories.closed.join(', ')}`]),
    ...(advisories.opened.length === 0 ? [] : [`${server.server}: opens ${advisories.opened.join(', ')}`]),
    ...(advisories.left.length === 0 ? [] : [`${server.server}: still affected by ${advisories.left.join(', ')}`]),
  ]
}

function combinationLines({ newCombinations }: ImpactSheet): string[] {
  return newCombinations.map(
    ({ client, untrusted, private: data, outbound }) =>
      `${client}: together now, text of strangers (${untrusted.join(', ')}), private data (${data.join(', ')}) and a way out (${outbound.join(', ')})`,
  )
}

function unknownBlocks({ unknown }: ImpactSheet): Block[] {
  return unknown.length === 0 ? [] : [facts([['Not known', `${unknown.length}`]]), ...list(unknown)]
}

function testBlocks({ tests }: ManagedDocument): Block[] {
  return list(
    (tests ?? []).map(({ name, outcome, detail }) => `${outcome}: ${name}${detail === '' ? '' : `, ${detail}`}`),
  )
}

function riskBlocks({ impact: { assessment } }: ManagedDocument): Block[] {
  if (assessment === null) return list(['not assessed'])
  return [facts([['Risk', assessment.risk]]), ...list(assessment.why)]
}

function wayBackBlocks({ rollback }: ManagedDocument): Block[] {
  const rehearsed = rollback.rehearsed
  return list([
    `Before it is merged: ${rollback.command} takes the branch away`,
    'After it was merged: "git revert" of the commit, in a pull request of its own',
    `Rehearsed: ${rehearsed === null ? 'no' : `${rehearsed.outcome}, ${rehearsed.detail}`}`,
    ...rollback.irreversible,
  ])
}

/** What no test said, in the order in which a reviewer needs it. */
function checksOf({ what, tests, id }: ManagedDocument, sheet: ImpactSheet | null): string[] {
  const open = (tests ?? []).filter(({ outcome }) => outcome !== 'passed')
  return [
    'that the commit changes only the lines shown above',
    ...open.map(({ name, outcome, detail }) => `${name} (${outcome}): ${detail}`),
    ...(sheet?.controls ?? []).map((control) => `that this control still holds: ${control}`),
    ...what.limits,
    `after merging and pulling: "upkeep fix --change ${id}" looks at the files again and closes the change`,
  ]
}
