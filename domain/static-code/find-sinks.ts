import { createMachine } from './flow/create-machine.ts'
import { javascriptLibrary } from './flow/javascript-library.ts'
import type { Reached } from './flow/machine.ts'
import { pythonLibrary } from './flow/python-library.ts'
import { parseJavascript } from './javascript/parse-javascript.ts'
import { type ListedTexts, listedTexts } from './listing/listed-texts.ts'
import { parsePython } from './python/parse-python.ts'
import type { SourceLanguage } from './syntax.ts'

/** What following the arguments of the tools in one file came to, and the texts that they are listed with. */
export type SinkReading =
  | ({ state: 'read'; reached: readonly Reached[]; handlers: number; problems: readonly string[] } & ListedTexts)
  | { state: 'refused'; reason: string }

/** Words without one of which no file makes a function a handler of a tool. */
const registrations = /tool|RequestHandler|handler|execute|registerResource|\.resource|prompt/i

/**
 * Follows what a caller gives to the tools of a server file to where it does harm: shells, interpreters, paths, addresses. Within the file,
 * through assignments, texts and functions. The same text gives the same answer; a text that is too large or too deep is refused.
 */
export function findSinks(text: string, language: SourceLanguage): SinkReading {
  if (!registrations.test(text)) return { state: 'read', reached: [], handlers: 0, problems: [], texts: [], unread: [] }
  const parsed = language === 'python' ? parsePython(text) : parseJavascript(text)
  if (parsed.state === 'refused') return parsed
  const machine = createMachine(language === 'python' ? pythonLibrary : javascriptLibrary)
  try {
    const followed = machine.follow(parsed.body, parsed.problems)
    return followed.state === 'refused' ? followed : { ...followed, ...listedTexts(parsed.body, language) }
  } catch (error) {
    // The engine's stack ends before ours would: the only sign of a text that is nested too deep.
    if (error instanceof RangeError) return { state: 'refused', reason: 'nested too deep' }
    throw error
  }
}
