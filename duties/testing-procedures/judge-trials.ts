import type { Assessment, Facts, FindingDraft } from '@upkeep/contract'
import { printable } from '@upkeep/domain/printable'
import type { Rules } from './rules.ts'

type Tests = Facts<'server-tests'>
type Trial = Tests['trials'][number]
type Said = Pick<Assessment<Rules>, 'findings' | 'unknowns' | 'passes'>

/** Whether it starts, says the same twice, keeps its secrets to itself, and leaves nothing. */
export function judgeTrials(tests: Tests): Said {
  const { trials, standInsSeen, at } = tests
  const answered = trials.filter(({ state }) => state === 'answered')
  const left = [...new Set(trials.flatMap(({ leftBehind }) => leftBehind))]
  const flaky = [...new Set(trials.map(({ era }) => era))].filter((era) => !isSteady(trials, era))
  const start = answered.length === 0 ? judgeSilence(tests) : { findings: [], unknowns: [] }
  return {
    findings: [
      ...start.findings,
      ...flaky.map((era) => flakyIn(era)),
      ...standInsSeen.map((name) => repeated(name)),
      ...(left.length > 0 ? [leftOver(left)] : []),
    ],
    unknowns: [...start.unknowns, ...(tests.attempts === null && answered.length > 0 ? [unwatched] : [])],
    passes: answered.length === 0 ? [] : [started(answered, at), ...kept(left), ...watched(tests), ...use(answered)],
  }
}

const unwatched =
  'what it tried to reach: nothing on this machine watches system calls (strace is not there, or may not)'

/** What does not answer may need what it was not given: then it says nothing of the bytes. */
function judgeSilence({ trials, standIns, attempts }: Tests): Pick<Said, 'findings' | 'unknowns'> {
  const details = [...new Set(trials.map(({ detail }) => printable(detail, { maxLength: 160 })))]
  const wanted = attempts?.find(({ what }) => what === 'connect')
  const why =
    standIns.length > 0
      ? `it had stand-ins for ${standIns.join(', ')}`
      : wanted === undefined
        ? null
        : `it wanted to reach ${wanted.target}, and there is no network`
  if (why !== null) return { findings: [], unknowns: [`it did not answer in the sandbox: ${details[0] ?? ''}; ${why}`] }
  const finding: FindingDraft<Rules> = {
    rule: 'does-not-start',
    facts: { details },
    summary: `it answers in no era of the protocol: ${details[0] ?? 'no reason was given'}`,
    action: 'Put the installation or its command line right, then run "upkeep prove" again.',
  }
  return { findings: [finding], unknowns: [] }
}

function isSteady(trials: readonly Trial[], era: string): boolean {
  const said = trials.filter((one) => one.era === era).map(({ state, surface }) => `${state} ${surface}`)
  return new Set(said).size <= 1
}

function flakyIn(era: string): FindingDraft<Rules> {
  return {
    rule: 'flaky',
    facts: { what: `listing ${era}` },
    summary: `started twice in the ${era} era it does not offer the same`,
    action: 'Find out what its listing depends on; approve none of it until it is steady.',
  }
}

function repeated(name: string): FindingDraft<Rules> {
  const shown = printable(name, { maxLength: 80 })
  return {
    rule: 'secret-repeated',
    facts: { name },
    summary: `what stood in for ${shown} came back in what it said or tried to reach`,
    action: `Give it a secret of little reach in ${shown}, or take away the tool that tells it.`,
  }
}

function leftOver(left: string[]): FindingDraft<Rules> {
  return {
    rule: 'left-behind',
    facts: { left },
    summary: `after it was stopped there was still: ${left.slice(0, 3).join(', ')}`,
    action: 'End or remove what is named, and report it.',
  }
}

function started(answered: readonly Trial[], at: string): string {
  const eras = [...new Set(answered.map(({ era }) => era))].join(' and ')
  const tools = answered[0]?.tools
  return `started ${answered.length} times without network and secrets (${at.slice(0, 10)}), in the ${eras} era; ${tools ?? 'unknown'} tools`
}

function kept(left: readonly string[]): string[] {
  return left.length === 0 ? ['no process and no file of it was left'] : []
}

function watched({ attempts, attemptsCut }: Tests): string[] {
  if (attempts === null || attemptsCut) return []
  const reached = attempts.filter(({ what }) => what === 'connect')
  if (reached.length === 0) return ['it tried to reach nothing']
  const shown = reached
    .slice(0, 3)
    .map(({ target, allowed }) => `${target} (${allowed ? 'its own loopback' : 'refused'})`)
  return [`${reached.length} attempts to reach something are on record: ${shown.join(', ')}`]
}

/** Of the starts that nothing slowed down. */
function use(answered: readonly Trial[]): string[] {
  const plain = answered.filter((one) => !one.watched)
  const memory = Math.max(0, ...plain.map(({ peakMemoryBytes }) => peakMemoryBytes ?? 0))
  const cpu = Math.max(0, ...plain.map(({ cpuMs }) => cpuMs ?? 0))
  return memory === 0
    ? []
    : [`at most ${Math.round(memory / 1_048_576)} MiB and ${cpu} ms of processor time (n=${plain.length})`]
}
