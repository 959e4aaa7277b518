import type { Finding } from '@upkeep/contract/finding'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { stampOf } from '@upkeep/domain/distance'
import { ageOfGrounds, conflictsOf } from '../finding-grounds.ts'
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
${ageRow(model, statement.facts)}</dl>${conflictTable(statement.facts)}<pre>${long(canonicalJson(statement.facts), 2_000)}</pre></div>`
}

type Facts = Finding['statement']['facts']

function ageRow({ coverage, at }: ReportModel, facts: Facts): Markup {
  const age = ageOfGrounds(facts, coverage.feeds, at)
  return age === null ? markup`` : markup`<dt>Age of grounds</dt><dd>${age}</dd>\n`
}

/** What the sources say, one line for each, those that count first. */
function conflictTable(facts: Facts): Markup {
  const rows = conflictsOf(facts).flatMap(({ field, values }) =>
    values.map(
      ({ source, record, value }, index) =>
        markup`<tr><td>${index === 0 ? field : ''}</td><td>${value}</td><td>${record}</td><td>${source}</td></tr>`,
    ),
  )
  if (rows.length === 0) return markup``
  return markup`<p class="meta">Sources differ; of each field the first counts.</p>
<div class="scroll" tabindex="0" role="region" aria-label="What the sources say"><table><thead><tr><th scope="col">Field</th><th scope="col">What it says</th><th scope="col">Record</th><th scope="col">Source</th></tr></thead><tbody>${rows}</tbody></table></div>`
}
