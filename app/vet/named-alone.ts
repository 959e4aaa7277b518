import { type Candidate, clientFile } from './candidate.ts'
import { readName } from './package-name.ts'

/** A package whose bytes are not at hand, as an entry that would start it: what is known of its name and version can be judged all the same. */
export function namedAlone(what: string): Candidate | null {
  const named = readName(what)
  if (named === null) return null
  const { ecosystem, name, version } = named
  const isNpm = ecosystem === 'npm'
  const entry = isNpm
    ? { command: 'npx', args: ['-y', `${name}@${version}`] }
    : { command: 'uvx', args: [`${name}==${version}`] }
  return {
    kind: isNpm ? 'npm package' : 'Python wheel',
    name,
    version,
    files: [clientFile(name, entry)],
    dependencies: [],
    notes: ['its bytes are not at hand: it was judged by its name and version alone'],
  }
}
