import type { ChangeDocument, ManagedDocument, UndocumentedDocument } from '@upkeep/contract/change-document'
import { stampOf } from '@upkeep/domain/distance'
import { isStoreReference } from '@upkeep/domain/redaction/references'
import { approvalBlocks } from './document-approvals.ts'
import { type Block, facts, list, type Section } from './document-block.ts'

/** A document in the order in which it is read: what, why, who, when, what it means, what was tried, what came of it, the way back. */
export function documentSections(document: ChangeDocument): Section[] {
  const sections = document.of === 'managed' ? managed(document) : undocumented(document)
  return sections.filter(({ blocks }) => blocks.length > 0)
}

/** What a document says of itself in one line. */
export function documentLead(document: ChangeDocument): string {
  if (document.of === 'managed')
    return `${document.class} change ${document.id}, ${document.result.outcome ?? document.phase}`
  const { who, when, gaps } = document
  const uid = who.uid === null ? 'uid not known' : `uid ${who.uid}`
  const need = gaps.length === 0 ? 'justified' : 'needs justification'
  return `undocumented, ${uid}, ${stampOf(when.written ?? when.firstSeen)}, ${need}`
}

function managed(document: ManagedDocument): Section[] {
  return [
    gapSection(document),
    { title: 'What', blocks: [...list(document.what.summary), ...list(document.what.limits), ...costBlocks(document)] },
    { title: 'Exact difference', blocks: document.what.effects.flatMap(effectBlocks) },
    { title: 'Why', blocks: whyBlocks(document) },
    { title: 'Who', blocks: whoBlocks(document) },
    { title: 'When', blocks: whenBlocks(document) },
    { title: 'Impact', blocks: impactBlocks(document) },
    { title: 'Tests', blocks: testBlocks(document) },
    { title: 'Result', blocks: resultBlocks(document) },
    { title: 'Way back', blocks: rollbackBlocks(document) },
    evidenceSection(document),
  ]
}

function undocumented(document: UndocumentedDocument): Section[] {
  const { what, when, who } = document
  return [
    gapSection(document),
    {
      title: 'What',
      blocks: [
        facts([
          ['Server', what.subject.name],
          ['File', what.path],
          ['Entry', what.kind],
        ]),
        ...list(what.differences.map(({ layer, at, was, is }) => `${layer}, ${at}: was ${was}, is ${is}`)),
      ],
    },
    { title: 'Why', blocks: list(document.why.justifications.map(justificationWords)) },
    {
      title: 'Who and when',
      blocks: [
        facts([
          ['File belongs to', who.uid === null ? 'not known' : `uid ${who.uid}`],
          ['File written', when.written === null ? 'not known' : stampOf(when.written)],
          ['State before approved', when.approved === null ? 'not known' : stampOf(when.approved)],
          ['First seen', stampOf(when.firstSeen)],
          ['To be justified by', stampOf(when.due)],
        ]),
      ],
    },
    evidenceSection(document),
  ]
}

function gapSection({ gaps }: Pick<ChangeDocument, 'gaps'>): Section {
  return { title: 'What is missing', blocks: list(gaps.map(({ field, why }) => `${field}: ${why}`)) }
}

function effectBlocks({ path, before, after, shown }: ManagedDocument['what']['effects'][number]): Block[] {
  const rows = facts([
    [placeWords(path), path],
    ['Before', stateWords(before)],
    ['After', stateWords(after)],
  ])
  return shown.length === 0 ? [rows] : [rows, { kind: 'code', text: shown.join('\n') }]
}

function placeWords(path: string): string {
  if (/^https?:/.test(path)) return 'Entry of a gateway'
  return isStoreReference(path) ? 'Secret in a store' : 'File'
}

function stateWords(state: ManagedDocument['what']['effects'][number]['before']): string {
  if (state.state === 'commit') return `commit ${state.commit}`
  if (state.state === 'entry') return `an entry with the keyed hash ${state.fingerprint}`
  if (state.state === 'secret') return `a secret with the keyed hash ${state.fingerprint}`
  return state.state === 'absent' ? 'not there' : `sha256 ${state.digest}, ${state.size} bytes, mode ${state.mode}`
}

function costBlocks({ what: { costs } }: ManagedDocument): Block[] {
  return costs === undefined ? [] : [facts([['Costs', `${costs.amount} ${costs.currency}, as whoever asked says`]])]
}

function whyBlocks({ why }: ManagedDocument): Block[] {
  const closes = why.closes.map(
    ({ severity, subject, summary, fingerprint }) =>
      `${severity}, ${subject}: ${summary} (${fingerprint.slice(0, 12)})`,
  )
  return [
    ...(why.reason === null ? [] : [facts([['Reason', why.reason]])]),
    ...list(why.justifications.map(justificationWords)),
    ...(closes.length === 0 ? [] : [facts([['Should close', `${closes.length}`]]), ...list(closes)]),
  ]
}

function justificationWords({
  person,
  presence,
  at,
  reason,
}: ManagedDocument['why']['justifications'][number]): string {
  const proof = presence === 'not-proven' ? 'presence not proven' : presence
  return `${reason} (${person}, ${proof}, ${stampOf(at)})`
}

function whoBlocks({ who }: ManagedDocument): Block[] {
  const proof = who.requesterPresence === 'not-proven' ? 'presence not proven' : who.requesterPresence
  const makers = who.makers.map((maker) => ['Made by', maker] as const)
  return [facts([['Asked for by', `${who.requester} (${proof})`], ...makers]), ...approvalBlocks(who)]
}

function whenBlocks({ when }: ManagedDocument): Block[] {
  const named: readonly (readonly [string, string | null])[] = [
    ['Asked for', when.proposed],
    ['Begun', when.applying],
    ['Made', when.applied],
    ['Seen again', when.observed],
    ['Way back begun', when.undoing],
    ['Closed', when.closed],
  ]
  const window = when.window
  const until = window === null || window.until === null ? '' : ` until ${stampOf(window.until)}`
  return [
    facts([
      ...named.flatMap(([name, at]) => (at === null ? [] : [[name, stampOf(at)] as const])),
      ...(window === null
        ? []
        : [['Window', `${window.window ?? 'any time'}, from ${stampOf(window.from)}${until}`] as const]),
    ]),
  ]
}

function impactBlocks({ impact: { assessment, sheet } }: ManagedDocument): Block[] {
  if (assessment === null) return []
  return [
    facts([
      ['Risk', assessment.risk],
      ...(assessment.sheet === null ? [] : [['Sheet', `sha256 ${assessment.sheet}`] as const]),
    ]),
    ...list(assessment.why),
    ...(sheet === null ? [] : [{ kind: 'code' as const, text: JSON.stringify(sheet, null, 2) }]),
  ]
}

function testBlocks({ tests }: ManagedDocument): Block[] {
  if (tests === null) return []
  if (tests.length === 0) return list(['no test is known for changes of this kind'])
  return list(tests.map(({ name, outcome, detail }) => `${outcome}: ${name}${detail === '' ? '' : `, ${detail}`}`))
}

function resultBlocks({ result, phase }: ManagedDocument): Block[] {
  const { outcome, detail, sighting } = result
  const open = sighting?.findings.filter(({ state }) => state !== 'resolved') ?? []
  return [
    facts([
      ['Outcome', outcome ?? `open: ${phase}`],
      ...(detail === null || detail === '' ? [] : [['Detail', detail] as const]),
      ...(sighting === null ? [] : [['Stands as planned', sighting.holds ? 'yes' : 'no'] as const]),
    ]),
    ...list(sighting?.seen ?? []),
    ...list(sighting?.pending ?? []),
    ...list(open.map(({ fingerprint, state }) => `finding ${fingerprint.slice(0, 12)}: ${state}`)),
  ]
}

function rollbackBlocks({ rollback }: ManagedDocument): Block[] {
  const { irreversible, rehearsed, why, undone, command } = rollback
  const rows: (readonly [string, string])[] = [
    ['Command', command],
    ['Gives back', irreversible.length === 0 ? 'the very same bytes' : 'what stands below is not given back'],
    ['Rehearsed', rehearsed === null ? 'no' : `${rehearsed.outcome}, ${rehearsed.detail}`],
  ]
  return [
    facts(why === null ? rows : [...rows, ['Taken back because', why]]),
    ...list(irreversible),
    ...list(undone.map(({ path, how, detail }) => `${path}: ${how}, ${detail}`)),
  ]
}

function evidenceSection({ evidence }: Pick<ChangeDocument, 'evidence'>): Section {
  const items = evidence.map(({ index, type, id, says }) => `ledger entry ${index ?? 'none'}: ${type} ${id}, ${says}`)
  return { title: 'Evidence', blocks: list(items) }
}
