import { type AssessInput, type Assessment, defineDuty, need, optional } from '@upkeep/contract'
import { z } from 'zod'
import { judgeInstallScripts, judgeIntegrity } from './judge-bytes.ts'
import { judgeKept } from './judge-kept.ts'
import { defaultUsualLicences, judgeLicences } from './judge-licences.ts'
import { judgeNames } from './judge-names.ts'
import { judgeOrigin } from './judge-origin.ts'
import { judgePin } from './judge-pin.ts'
import { judgeRuntime } from './judge-runtime.ts'
import { judgeUpkeep } from './judge-upkeep.ts'
import { decision, emptyPart, type Part, packagesOf } from './part.ts'
import { type Rules, rules } from './rules.ts'

const needs = {
  declared: need('declared-server'),
  resolved: optional('resolved-package'),
  health: need('dependency-health'),
  registry: optional('registry'),
  names: optional('name-resemblance'),
}
const names = z.array(z.string().min(1).max(214)).max(1_000)
const params = z.object({
  usualLicences: names.default(defaultUsualLicences).describe('SPDX ids of licences that nobody has to look at'),
  allowedInstallScripts: names.default([]).describe('Packages whose install scripts were read'),
  trustedNames: names.default([]).describe('Packages that are what they are called, however near to another'),
  abandonedAfterDays: z
    .int()
    .min(30)
    .max(7_300)
    .default(730)
    .describe('After how many days without a new version a package counts as abandoned'),
  newHandsForDays: z
    .int()
    .min(1)
    .max(3_650)
    .default(180)
    .describe('For how many days a package that changed hands counts as new in them'),
})
type Input = AssessInput<typeof needs, z.infer<typeof params>>

export const dependencyManagement = defineDuty({
  id: 'dependency-management',
  version: 1,
  heading: 'MCP Server Maintenance',
  title: 'Dependency Management',
  summary:
    'What a server brings along is fixed, is what was published, runs nothing when installed, and is cared for by people who are known.',
  cadence: 'monthly',
  scope: 'server',
  adoptedBy: ['team', 'enterprise'],
  needs,
  params,
  rules,
  assess(input): Assessment<Rules> {
    const { declared } = input.seen
    const nothing = { findings: [], unknowns: [], passes: [] }
    if (declared.state === 'unavailable') return nothing
    if (declared.state === 'absent') return { ...nothing, notApplicable: 'the server is no longer declared' }
    if (declared.facts.launch.via === 'remote')
      return { ...nothing, notApplicable: 'the server runs elsewhere: its packages cannot be seen from here' }
    const { decided: _, ...assessment } = judge(input)
    return assessment
  },
  canClear(finding, input) {
    const { declared, health } = input.seen
    if (declared.state !== 'seen') return declared.state === 'absent'
    const { rule, facts } = finding
    const { decided } = judge(input)
    if (rule === 'abandoned-parts') return decided.includes(decision(rule, '')) && isWhole(input)
    if (rule === 'licence-unusual') return decided.includes(decision(rule, '')) && isWhole(input)
    const name = String(facts.package)
    if (rule === 'unpinned-entry') return true
    if (rule === 'typosquat') return input.seen.names.state !== 'unavailable'
    if (health.state === 'seen' && isWhole(input)) {
      const gone = packagesOf(health.facts).packages.every((one) => one.name !== name)
      if (gone) return true
    }
    const of =
      rule === 'integrity-mismatch' || rule === 'origin-not-proven' ? `${name} ${String(facts.compared)}` : name
    return decided.includes(`${rule} ${of}`)
  },
})

function isWhole({ seen: { health } }: Input): boolean {
  if (health.state !== 'seen') return false
  const { copies } = packagesOf(health.facts)
  return copies.length > 0 && copies.every((copy) => copy.problems.length === 0)
}

function judge({ seen, params, at }: Input): Part {
  const { declared, resolved, health, registry, names } = seen
  if (declared.state !== 'seen') return emptyPart()
  const parts = [judgePin(declared.facts, resolved), judgeNames(names, params.trustedNames)]
  if (health.state === 'absent') parts.push({ ...emptyPart(), unknowns: [`its packages: ${health.reason}`] })
  if (health.state === 'seen') {
    const { packages, copies } = packagesOf(health.facts)
    parts.push(
      { ...emptyPart(), unknowns: gapsOf(copies) },
      judgeIntegrity(packages, registry),
      judgeKept(packages),
      judgeOrigin(packages, registry),
      judgeInstallScripts(packages, params.allowedInstallScripts),
      judgeLicences(packages, params.usualLicences),
      judgeUpkeep(packages, registry, { at, ...params }),
      judgeRuntime(packages, health.facts),
    )
  }
  return {
    findings: parts.flatMap((part) => part.findings),
    unknowns: parts.flatMap((part) => part.unknowns),
    passes: parts.flatMap((part) => part.passes),
    notCovered: parts.flatMap((part) => part.notCovered),
    decided: parts.flatMap((part) => part.decided),
  }
}

function gapsOf(copies: ReturnType<typeof packagesOf>['copies']): string[] {
  if (copies.length === 0) return ['its packages: no installed copy was found']
  const which = copies.some((copy) => copy.wouldRun)
    ? []
    : [`which of ${copies.length} installed copies would start is not known, so each is judged`]
  const empty = copies.filter((copy) => copy.packages.length === 0)
  const problems = copies.flatMap((copy) =>
    copy.problems[0] === undefined ? [] : [`${copy.root}: ${copy.problems[0]}`],
  )
  return [...which, ...empty.map((copy) => `no installed package was found in ${copy.root}`), ...problems]
}
