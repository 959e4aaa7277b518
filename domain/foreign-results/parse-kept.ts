import { KeptResults } from '@upkeep/contract/observations/foreign-results'
import { digestOfText } from '../canonical-json.ts'

/** Kept results out of the text of their file. Null when it is not what was kept: a file is named by the digest of its text. */
export function parseKept(text: string, file: string): KeptResults | null {
  if (`${digestOfText(text)}.json` !== file) return null
  try {
    return KeptResults.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
