import type { Finding } from '@upkeep/contract/finding'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { stampOf } from '@upkeep/domain/distance'
import type { ReportModel } from '../report-model.ts'
import { chainLinks, type Evidence } from './evidence.ts'
import { anchor, long, type Markup, markup } from './markup.ts'

/** One finding with its facts, its place in the ledger, and the way to what it rests on. */
export function findingBlock(model: ReportModel, evidence: Evidence, finding: Finding): Markup {
  const { statement } = finding
  const index = model.ledgerIndexes.get(finding.id)
  return markup`<div class="finding" id="${anchor('finding', statement.fingerprint)}"><dl class="facts">
<dt>Finding</dt><dd>${long(statement.summary, 1_000)}</dd>
<dt>Subject</dt><dd>${statement.subject.name} <span class="mono">${statement.subject.id}</span></dd>
<dt>Rule</dt><dd>${statement.duty} / ${statement.rule}, version ${statement.ruleVersion}</dd>
<dt>State</dt><dd>${finding.state}, first seen ${stampOf(finding.firstSeenAt)}</dd>
<dt>Fingerprint</dt><dd><code>${statement.fingerprint}</code></dd>
<dt>Rests on</dt><dd>${chainLinks(evidence, statement.duty, statement.subject.id)}</dd>
<dt>Sealed as</dt><dd>${index === undefined ? 'not in the ledger' : `ledger entry ${index}`}, record <code>${finding.id}</code></dd>
</dl><pre>${long(canonicalJson(statement.facts), 2_000)}</pre></div>`
}
