import type { Presence } from '@upkeep/contract'
import { dayOf, stampOf } from '@upkeep/domain/distance'
import type { AcceptedFinding, ReportModel } from '../report-model.ts'
import type { Evidence } from './evidence.ts'
import { findingBlock } from './finding-block.ts'
import { long, type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxAccepted = 200
const presenceWords: Record<Presence, string> = {
  'not-proven': 'name typed, not proven',
  'ssh-key': 'signed with an SSH key',
  'security-key': 'signed with an SSH key',
  passkey: 'signed with a passkey',
}

/** What someone decided to live with: still wrong, and until when. */
export function acceptedSection(model: ReportModel, evidence: Evidence): Markup {
  const shown = model.accepted.slice(0, maxAccepted)
  const body =
    shown.length === 0
      ? markup`<p>Nothing is accepted. To live with a finding until a day: <code>upkeep accept</code></p>`
      : shown.map((one) => acceptedCard(model, evidence, one))
  return markup`<section id="accepted" aria-labelledby="accepted-title"><h2 id="accepted-title">Accepted</h2>
${body}${leftOut(model.accepted.length, shown.length, 'accepted findings', 'upkeep findings --accepted')}</section>`
}

function acceptedCard(model: ReportModel, evidence: Evidence, { finding, acceptance }: AcceptedFinding): Markup {
  const index = model.ledgerIndexes.get(acceptance.id)
  const presence = presenceWords[acceptance.signer.presence]
  return markup`<article class="card accepted"><p class="badges">${statusWord('accepted', ` until ${dayOf(acceptance.until)}`)}</p>
<h3>${finding.statement.subject.name}: ${finding.statement.title}</h3>
<p>${long(finding.statement.summary, 1_000)}</p>
<p>Why: ${long(acceptance.reason, 2_000)}</p>
<p class="meta">By ${acceptance.signer.person} (${presence}) on ${stampOf(acceptance.at)} · ${index === undefined ? 'not in the ledger' : `ledger entry ${index}`}</p>
<details><summary>The finding and what it rests on</summary>${findingBlock(model, evidence, finding)}</details></article>`
}
