import type { Finding } from '@upkeep/contract/finding'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { ago, dayOf, stampOf } from '@upkeep/domain/distance'
import type { AcceptedFinding, Item, ReportModel } from '../report-model.ts'
import { findingsCommand } from '../words.ts'
import { anchor, long, type Markup, markup } from './markup.ts'
import { leftOut, statusWord } from './words.ts'

const maxItems = 300
const maxFindingsOfItem = 30
const maxAccepted = 200

/** What needs a person, grouped by the change that closes it, worst first. */
export function itemsSection(model: ReportModel): Markup {
  const shown = model.items.slice(0, maxItems)
  const body =
    shown.length === 0
      ? markup`<p>No open finding.${model.unknowns.length > 0 ? ' What could not be judged stands below.' : ''}</p>`
      : shown.map((item) => itemCard(model, item))
  return markup`<section id="todo" aria-labelledby="todo-title"><h2 id="todo-title">What to do</h2>
${body}${leftOut(model.items.length, shown.length, 'things to do', 'upkeep findings')}</section>`
}

function itemCard(model: ReportModel, item: Item): Markup {
  const names = item.subjects.slice(0, 8).map((subject) => subject.name)
  const others = item.subjects.length - names.length
  const shown = item.findings.slice(0, maxFindingsOfItem)
  return markup`<article class="card fail">
<p>${statusWord('fail', `, ${item.severity}`)} <span class="meta">open since ${dayOf(item.firstSeenAt)}, ${ago(item.firstSeenAt, model.at)}</span></p>
<h3>${names.join(', ')}${others > 0 ? ` and ${others} more` : ''}: ${item.title}</h3>
<p>${long(item.summary, 1_000)}</p>
<div class="do"><p><strong>Do:</strong> ${long(item.action, 1_000)}</p>
${changeLine(item)}
${limitsLine(item)}</div>
<details><summary>${item.findings.length} ${item.findings.length === 1 ? 'finding, and what it rests on' : 'findings, and what they rest on'}</summary>
${shown.map((finding) => findingBlock(model, finding))}
${leftOut(item.findings.length, shown.length, 'findings', findingsCommand(item))}</details>
</article>`
}

/** What is not known of the change, unless the action says so already. */
function limitsLine(item: Item): Markup | null {
  const unsaid = item.limits.filter((limit) => !item.action.includes(limit))
  return unsaid.length === 0 ? null : markup`<p class="meta">Mind: ${unsaid.join('; ')}</p>`
}

function changeLine(item: Item): Markup | null {
  if (item.change === null) return null
  const change = item.change
  if (change.kind === 'set-file-mode') {
    return markup`<p class="meta">Change: mode of <code>${change.path}</code> from ${change.from} to ${change.to}</p>`
  }
  return markup`<p class="meta">Change: <code>${change.package}</code> of ${change.server} from ${change.from ?? 'an unknown version'} to ${change.to} in <code>${change.path}</code></p>`
}

/** One finding with its facts, its place in the ledger, and the verdict that it belongs to. */
function findingBlock(model: ReportModel, finding: Finding): Markup {
  const { statement } = finding
  const index = model.ledgerIndexes.get(finding.id)
  const verdict = anchor('verdict', `${statement.duty}/${statement.subject.id}`)
  return markup`<div id="${anchor('finding', statement.fingerprint)}"><dl class="facts">
<dt>Finding</dt><dd>${long(statement.summary, 1_000)}</dd>
<dt>Subject</dt><dd>${statement.subject.name} <span class="mono">${statement.subject.id}</span></dd>
<dt>Rule</dt><dd>${statement.duty} / ${statement.rule}, version ${statement.ruleVersion}</dd>
<dt>State</dt><dd>${finding.state}, first seen ${stampOf(finding.firstSeenAt)}</dd>
<dt>Fingerprint</dt><dd><code>${statement.fingerprint}</code></dd>
<dt>Rests on</dt><dd><a href="#${verdict}">verdict and observations</a></dd>
<dt>Sealed as</dt><dd>${index === undefined ? 'not in the ledger' : `ledger entry ${index}`}, record <code>${finding.id}</code></dd>
</dl><pre>${long(canonicalJson(statement.facts), 2_000)}</pre></div>`
}

/** What someone decided to live with: still wrong, and until when. */
export function acceptedSection(model: ReportModel): Markup {
  const shown = model.accepted.slice(0, maxAccepted)
  const body = shown.length === 0 ? markup`<p>Nothing is accepted.</p>` : shown.map((one) => acceptedCard(model, one))
  return markup`<section id="accepted" aria-labelledby="accepted-title"><h2 id="accepted-title">Accepted</h2>
${body}${leftOut(model.accepted.length, shown.length, 'accepted findings', 'upkeep findings --accepted')}</section>`
}

function acceptedCard(model: ReportModel, { finding, acceptance }: AcceptedFinding): Markup {
  const index = model.ledgerIndexes.get(acceptance.id)
  const presence = acceptance.signer.presence === 'not-proven' ? 'name typed, not proven' : 'signed with an SSH key'
  return markup`<article class="card accepted"><p>${statusWord('accepted', ` until ${dayOf(acceptance.until)}`)}</p>
<h3>${finding.statement.subject.name}: ${finding.statement.title}</h3>
<p>${long(finding.statement.summary, 1_000)}</p>
<p>Why: ${long(acceptance.reason, 2_000)}</p>
<p class="meta">By ${acceptance.signer.person} (${presence}) on ${stampOf(acceptance.at)} · ${index === undefined ? 'not in the ledger' : `ledger entry ${index}`}</p>
<details><summary>The finding and what it rests on</summary>${findingBlock(model, finding)}</details></article>`
}
