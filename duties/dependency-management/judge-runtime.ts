import { acceptsRuntime } from '@upkeep/domain/dependency-health/accepts-runtime'
import { called, decision, emptyPart, type Health, type Package, type Part } from './part.ts'

/** Whether the Node that would run the tree is one that each package of it accepts. */
export function judgeRuntime(packages: readonly Package[], health: Health): Part {
  const part = emptyPart()
  const stating = packages.filter((one) => one.engines !== null)
  if (stating.length === 0) return part
  const versions = health.runtimes.flatMap(({ version }) => version ?? [])
  const gap = gapIn(health)
  const refusing = stating.filter((one) => versions.length > 0 && versions.every((version) => refuses(one, version)))
  for (const one of refusing) part.findings.push(refused(one, versions))
  const doubtful = stating.filter(
    (one) => !refusing.includes(one) && versions.some((version) => !accepts(one, version)),
  )
  if (gap !== null) part.unknowns.push(`which Node would run it: ${gap}`)
  if (doubtful[0] !== undefined)
    part.unknowns.push(
      `${doubtful.length} packages do not clearly accept every Node that was found, such as ${called(doubtful[0])} ("${doubtful[0].engines}")`,
    )
  if (gap !== null) return part
  for (const one of stating) if (!doubtful.includes(one)) part.decided.push(decision('runtime-floor', one.name))
  if (refusing.length + doubtful.length === 0)
    part.passes.push(`Node ${versions.join(', ')} is accepted by each of ${stating.length} packages that state a range`)
  return part
}

function gapIn({ runtimes, runtimesLimit }: Health): string | null {
  if (runtimesLimit !== null) return runtimesLimit
  if (runtimes.length === 0) return 'none was found in the usual places'
  const silent = runtimes.find(({ version }) => version === null)
  return silent === undefined ? null : `the version of ${silent.path} is not known`
}

function accepts({ engines }: Package, version: string): boolean {
  return acceptsRuntime(engines ?? '', version) === true
}

function refuses({ engines }: Package, version: string): boolean {
  return acceptsRuntime(engines ?? '', version) === false
}

function refused(one: Package, runtimes: readonly string[]): Part['findings'][number] {
  return {
    rule: 'runtime-floor',
    facts: { package: one.name, version: one.version, engines: one.engines ?? '', runtimes: [...runtimes] },
    summary: `${called(one)} accepts Node "${one.engines}"; here it is ${runtimes.join(', ')}`,
    action: 'Install a Node that it accepts, or set the entry to a version that accepts yours.',
  }
}
