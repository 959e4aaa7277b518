import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { canonicalJson } from '@upkeep/domain/canonical-json'
import { printable } from '@upkeep/domain/printable'
import { openSecrets } from '@upkeep/engine/ports/secrets'

/** One question that was put through the MCP door. */
export interface Question {
  readonly door: 'stdio' | 'http'
  readonly person: string
  /** What the client says that it is; null where it said nothing. */
  readonly client: { readonly name: string; readonly version: string } | null
  readonly tool: string
  readonly given: unknown
  /** `answered`, or the code of what went wrong. */
  readonly outcome: string
}

/** Keeps every question as a line. Throws where it cannot: what cannot be recorded is not answered. */
export interface QuestionLog {
  add(question: Question): void
}

const defaultBytes = 5_000_000
const keptFiles = 3

/**
 * Lines of JSON in `mcp-questions.jsonl` of the state folder: when, who, with what, which tool. What was asked with stands there as a keyed
 * hash only. A full file becomes `.1`; what is older than `.3` goes.
 */
export function questionLog(stateDir: string, now: () => Date, fullBytes = defaultBytes): QuestionLog {
  const path = join(stateDir, 'mcp-questions.jsonl')
  const secrets = openSecrets({ stateDir, env: {} })
  return {
    add({ door, person, client, tool, given, outcome }) {
      mkdirSync(stateDir, { recursive: true, mode: 0o700 })
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) >= fullBytes) rotate(path)
      const line = {
        at: now().toISOString(),
        door,
        person: printable(person),
        client: client === null ? null : { name: printable(client.name), version: printable(client.version) },
        tool: printable(tool, { maxLength: 100 }),
        arguments: secrets.fingerprint(canonicalJson(given ?? {})),
        outcome,
      }
      appendFileSync(path, `${JSON.stringify(line)}\n`, { mode: 0o600 })
    },
  }
}

function rotate(path: string): void {
  for (let number = keptFiles; number >= 1; number -= 1) {
    const from = number === 1 ? path : `${path}.${number - 1}`
    if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, `${path}.${number}`)
  }
}
