import type { Facts, Seen } from '@upkeep/contract'
import { dutyCases } from '@upkeep/contract/testing/duty-cases'
import { plainServer } from '@upkeep/contract/testing/plain-server'
import { triedControls } from '@upkeep/domain/attacks/controls'
import { securityControlEffectivenessReview } from './duty.ts'

type Outcome = Facts<'server-probes'>['results'][number]['outcome']
const at = '2026-11-20T08:00:00.000Z'
const declared: Seen<'declared-server'> = { state: 'seen', facts: plainServer }
const notTried: Seen<'control-probes'> = { state: 'absent', reason: 'it has no URL' }
const notAttacked: Seen<'endpoint-attacks'> = { state: 'absent', reason: 'it has no URL' }

/** Every control held, but for what is said of some; null is one that was never tried. */
function proofs(changed: Record<string, readonly Outcome[] | null> = {}): Seen<'server-probes'> {
  const results = triedControls.flatMap(({ id }) =>
    (changed[id] === null ? [] : (changed[id] ?? ['held'])).map((outcome, index) => ({
      probe: `atom-${id}-${index}`,
      version: 1,
      title: `An attack on ${id}`,
      tries: { kind: 'control' as const, control: id },
      cites: ['MCP02'],
      outcome,
      detail: `${id} was ${outcome}`,
      attempts: 1,
      transcript: [],
    })),
  )
  const weakness = {
    probe: 'filesystem-symlink',
    version: 1,
    title: 'A weakness is not a control',
    tries: { kind: 'weakness' as const, ids: ['CVE-2025-53109'] },
    outcome: 'broken' as const,
    detail: 'it read',
    attempts: 2,
    transcript: [],
  }
  return {
    state: 'seen',
    facts: {
      command: 'a'.repeat(64),
      bytes: 'b'.repeat(64),
      at,
      backend: { id: 'bubblewrap', version: '0.11', isolates: [] },
      standIns: [],
      results: [...results, weakness],
    },
  }
}

function endpoint(outcome: 'held' | 'broken'): Seen<'control-probes'> {
  const result = (control: 'authentication' | 'cors' | 'tls') => ({
    probe: control,
    version: 1,
    control,
    outcome,
    detail: `${control} was ${outcome}`,
    attempts: 1,
    transcript: [],
  })
  return {
    state: 'seen',
    facts: { url: 'http://127.0.0.1:1/mcp', results: [result('authentication'), result('cors'), result('tls')] },
  }
}

/** Attacks on a listed endpoint, as one round made them. */
function attacks(on: string, changed: Partial<Record<string, Outcome>>): Seen<'endpoint-attacks'> {
  const results = Object.entries(changed).flatMap(([control, outcome]) =>
    outcome === undefined
      ? []
      : [
          {
            probe: `atom-on-${control}`,
            version: 1,
            title: `An attack on ${control}`,
            tries: { kind: 'control' as const, control },
            cites: ['ASI03'],
            outcome,
            detail: `${control} was ${outcome}`,
            attempts: 1,
            transcript: [],
          },
        ],
  )
  return { state: 'seen', facts: { url: 'http://127.0.0.1:1/mcp', at: on, results } }
}

/** A denial that was looked for in a log, and found there. */
function logged(): Seen<'control-probes'> {
  const facts = endpoint('held')
  if (facts.state !== 'seen') throw new Error('it was seen')
  const { url, results } = facts.facts
  const delivery = {
    probe: 'log-delivery',
    version: 1,
    control: 'log-delivery' as const,
    outcome: 'held' as const,
    detail: 'the denial of delete was in the log after 40 ms',
    attempts: 1,
    detectedAfterMs: 40,
    transcript: [],
  }
  return { state: 'seen', facts: { url, results: [...results, delivery] } }
}

dutyCases(securityControlEffectivenessReview, [
  {
    name: 'every control was attacked and held: each with its count and its day',
    given: { declared, proofs: proofs(), probes: notTried, attacks: notAttacked },
    expect: { verdict: 'pass', passes: ['commands: 1 of 1 prevented, last on 2026-11-20'] },
  },
  {
    name: 'a missed attack is named with its control alone, the others keep their counts',
    given: { declared, proofs: proofs({ 'path-root': ['held', 'broken'] }), probes: notTried, attacks: notAttacked },
    expect: {
      verdict: 'fail',
      findings: [
        {
          rule: 'attack-missed',
          facts: {
            control: 'path-root',
            missed: 1,
            trials: 2,
            probes: ['atom-path-root-1'],
            maps: ['MCP02'],
            provenAt: at,
          },
          summary: '1 of 2 attacks got through',
        },
      ],
      passes: ['links: 1 of 1 prevented'],
    },
  },
  {
    name: 'a control that was never tried is not demonstrated, and not green',
    given: { declared, proofs: proofs({ rate: null }), probes: notTried, attacks: notAttacked },
    expect: { verdict: 'unknown', unknowns: ['not demonstrated, never tried: rate'] },
  },
  {
    name: 'what was prevented too long ago is not demonstrated any more',
    given: { declared, proofs: proofs(), probes: notTried, attacks: notAttacked },
    params: { maxAgeDays: 1 },
    expect: { verdict: 'unknown', unknowns: ['tried up to 2 days ago, and that counts for 1'] },
  },
  {
    name: 'an attack that could not be made demonstrates nothing',
    given: { declared, proofs: proofs({ commands: ['held', 'inconclusive'] }), probes: notTried, attacks: notAttacked },
    expect: { verdict: 'unknown', unknowns: ['commands: not demonstrated (commands was inconclusive)'] },
  },
  {
    name: 'an attack with nothing to work on is no trial, and no green',
    given: {
      declared,
      proofs: proofs({ origin: ['not-applicable'], host: ['not-applicable', 'held'] }),
      probes: notTried,
      attacks: notAttacked,
    },
    expect: { verdict: 'pass', passes: ['host: 1 of 1 prevented'] },
  },
  {
    name: 'nothing was ever run: everything is not demonstrated, in one line with the reason',
    given: {
      declared,
      proofs: { state: 'unavailable', code: 'not-consented', reason: 'nobody has let it be run' },
      probes: notTried,
      attacks: notAttacked,
    },
    expect: {
      verdict: 'unknown',
      unknowns: ['never tried: authentication, token-audience', 'nobody has let it be run'],
    },
  },
  {
    name: 'requests to a listed endpoint try the same controls',
    given: { declared, proofs: { state: 'absent', reason: 'a URL' }, probes: endpoint('broken'), attacks: notAttacked },
    expect: {
      verdict: 'fail',
      findings: [
        { rule: 'attack-missed', facts: { control: 'authentication', missed: 1, trials: 1 } },
        { rule: 'attack-missed', facts: { control: 'cross-origin-reading' } },
        { rule: 'attack-missed', facts: { control: 'tls' } },
      ],
      unknowns: ['never tried: token-audience'],
    },
  },
  {
    name: 'both count together',
    given: { declared, proofs: proofs(), probes: endpoint('held'), attacks: notAttacked },
    expect: { verdict: 'pass', passes: ['authentication: 2 of 2 prevented, last on 2026-11-22', 'rate: 1 of 1'] },
  },
  {
    name: 'a server that could not be read is unknown',
    given: {
      declared: { state: 'unavailable', code: 'malformed', reason: 'for this row' },
      proofs: proofs(),
      probes: notTried,
      attacks: notAttacked,
    },
    expect: { verdict: 'unknown' },
  },
  {
    name: 'a server that is gone has nothing to try',
    given: { declared: { state: 'absent', reason: 'gone' }, proofs: proofs(), probes: notTried, attacks: notAttacked },
    expect: { verdict: 'not-applicable' },
  },
  {
    name: 'atoms made over HTTP on a listed endpoint count with those of the bytes, each with its own day',
    given: {
      declared,
      proofs: proofs(),
      probes: notTried,
      attacks: attacks('2026-11-21T08:00:00.000Z', { 'session-known': 'held', 'cross-origin-reading': 'broken' }),
    },
    expect: {
      verdict: 'fail',
      findings: [
        { rule: 'attack-missed', facts: { control: 'cross-origin-reading', missed: 1, trials: 2, maps: ['ASI03'] } },
      ],
      passes: ['session-known: 2 of 2 prevented, last on 2026-11-21'],
    },
  },
  {
    name: 'a denial that reached the log is detected, with its delay; what was only stopped is not',
    given: { declared, proofs: proofs(), probes: logged(), attacks: notAttacked },
    expect: {
      verdict: 'pass',
      passes: [
        'log-delivery: 1 of 1 prevented, 1 detected in the log after 40 ms at most, last on 2026-11-22',
        'authentication: 2 of 2 prevented, last on',
      ],
    },
  },
])
