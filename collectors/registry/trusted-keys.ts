import type { FilesPort } from '@upkeep/contract'
import type { AnswersPort } from '@upkeep/contract/ports'
import type { Asker } from './ask-bounded.ts'
import { type RegistryKey, readRegistryKeys, withNewKeys, writeRegistryKeys } from './registry-keys.ts'
import { arrivedKeys, importedKeys, type Trusted } from './trust-root.ts'

interface KeyQuestion {
  url: string
  at: string
  answers: AnswersPort
  files: FilesPort
  /** The owner's file of keys; then no other key counts. */
  path: string | undefined
  /** Null where nobody may be asked. */
  asker: Asker | null
}

const maxAnswerBytes = 1 << 20

/**
 * The keys by which packages of the registry in use are checked: the owner's, else those of npm that arrived with the product and those
 * that the registry gives. A key that was given once stays what it was: the registry can add one, not replace one.
 */
export async function trustedKeys(question: KeyQuestion): Promise<Trusted<RegistryKey[]>> {
  if (question.path !== undefined) {
    const keys = importedKeys(question.path, question.files)
    return typeof keys === 'string'
      ? { value: [], from: keys }
      : { value: keys, from: counted(keys, 'of your own file') }
  }
  const arrived = arrivedKeys()
  const own = await registryKeys(question)
  const ownWords = own === null ? 'none of the registry' : counted(own.keys, `of the registry since ${own.since}`)
  return {
    value: withNewKeys(arrived, own?.keys ?? []),
    from: `${counted(arrived, 'of npm that arrived with upkeep')}, ${ownWords}`,
  }
}

/** The keys that the registry gives now or gave before, with the day on which the list last grew. */
async function registryKeys({ url, at, answers, asker }: KeyQuestion): Promise<Own | null> {
  const place = `${url.replace(/\/$/, '')}/-/npm/v1/keys`
  const question = `registry keys 1 ${place}`
  const kept = answers.recall(question)
  const known = kept === null ? [] : (readRegistryKeys(parse(kept.text)) ?? [])
  const given = asker === null ? [] : await askKeys(place, asker)
  const all = withNewKeys(known, given)
  const text = writeRegistryKeys(all)
  const grew = all.length > known.length
  if (text !== kept?.text && all.length > 0)
    answers.keep(question, { etag: null, at: grew ? at : (kept?.at ?? at), text })
  return all.length === 0 ? null : { keys: all, since: (grew ? at : (kept?.at ?? at)).slice(0, 10) }
}

interface Own {
  keys: RegistryKey[]
  since: string
}

async function askKeys(place: string, asker: Asker): Promise<RegistryKey[]> {
  const answer = await asker.ask(place, { maxBytes: maxAnswerBytes, etag: null })
  if (answer.state !== 'answered' || answer.status !== 200 || answer.truncated) return []
  return readRegistryKeys(parse(answer.body)) ?? []
}

function counted(keys: readonly RegistryKey[], of: string): string {
  const count = new Set(keys.map((one) => one.keyid)).size
  return `${count} ${count === 1 ? 'key' : 'keys'} ${of}`
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
