import type { Settings } from '@upkeep/contract'
import type { AnswersPort } from '@upkeep/contract/ports'
import { registryFor } from '@upkeep/domain/npm-registries'
import { type Asker, aFewAtOnce } from './ask-bounded.ts'
import type { WantedPackage } from './describe-packument.ts'
import type { Imported } from './imported-packuments.ts'
import { type Asked, askPackument, isPackageName, recallPackument } from './live-packuments.ts'
import type { StatedPackument } from './packument.ts'

export interface GatheredAnswers {
  /** `packument` is null where the registry does not have the package. */
  found: { name: string; packument: StatedPackument | null; keptSince: string | null; from: 'registry' | 'import' }[]
  failed: { name: string; reason: string }[]
  /** Imported files that could not be used. */
  problems: { name: string; reason: string }[]
}

interface GatherCall {
  wanted: readonly WantedPackage[]
  imported: Imported
  /** Null where nobody may be asked. */
  asker: Asker | null
  atOnce: number
  ports: { answers: AnswersPort }
  settings: Pick<Settings, 'registryUrl' | 'registryScopes'>
  at: string
  progress?: (what: string) => void
}

/** Each package's answer, from where it can best be had: the registry now, else the owner's files, else what the registry said before. */
export async function gatherAnswers(call: GatherCall): Promise<GatheredAnswers> {
  const gathered: GatheredAnswers = { found: [], failed: [], problems: call.imported.problems }
  let asked = 0
  await aFewAtOnce(call.wanted, call.atOnce, async ({ name }) => {
    asked += 1
    if (call.asker !== null) call.progress?.(`asking the registry: ${asked} of ${call.wanted.length} packages`)
    take(name, await answerFor(name, call), call.imported, gathered)
  })
  return gathered
}

function answerFor(name: string, { asker, settings, ports, at }: GatherCall): Promise<Asked> | Asked {
  if (!isPackageName(name)) return { state: 'failed', reason: 'it is not a name that a registry can have' }
  const registry = { url: registryFor(settings, name), answers: ports.answers, at }
  return asker === null ? recallPackument(name, registry) : askPackument(name, registry, asker)
}

function take(name: string, answer: Asked, { packages }: Imported, gathered: GatheredAnswers): void {
  const imported = packages.get(name)
  const isFresh = answer.state === 'answered' && answer.keptSince === null
  if (imported !== undefined && !isFresh)
    gathered.found.push({ name, packument: imported, keptSince: null, from: 'import' })
  else if (answer.state === 'answered')
    gathered.found.push({ name, packument: answer.packument, keptSince: answer.keptSince, from: 'registry' })
  else gathered.failed.push({ name, reason: answer.reason })
}
