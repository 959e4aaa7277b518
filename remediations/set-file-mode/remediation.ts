import { defineRemediation } from '@upkeep/contract/remediation'

/** Gives a file another mode. Its content stays. */
export const setFileMode = defineRemediation({
  makes: 'set-file-mode',
  version: 1,
  title: 'Give a file another mode',
  reaches: ['files'],
  preview({ path, from, to }, { files }) {
    const facts = files.inspect(path)
    if (facts.state === 'absent') return unavailable('unreachable', `${path} is not there`)
    if (facts.state === 'unavailable') return facts
    if (facts.type === 'folder')
      return unavailable('not-a-file', `${path} is a folder; the modes of folders are not changed`)
    const [wanted, was] = [Number.parseInt(to, 8), octal(facts.mode)]
    if (!/^[0-7]{3,4}$/.test(to) || wanted > 0o777)
      return unavailable('malformed', 'the mode is not one that chmod takes')
    const isThere = (facts.mode & 0o7777) === wanted
    if (!isThere && was !== from.padStart(4, '0'))
      return unavailable('changed-while-reading', `${path} has the mode ${was} now, and not ${from}`)
    return {
      state: 'possible',
      effects: isThere
        ? []
        : [{ kind: 'file', path, to: { mode: wanted }, shown: [`-mode ${was}`, `+mode ${octal(wanted)}`] }],
      summary: [`${path}: mode ${was} becomes ${octal(wanted)}`],
      limits: [],
      irreversible: [],
    }
  },
})

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}

function unavailable(code: 'unreachable' | 'not-a-file' | 'malformed' | 'changed-while-reading', reason: string) {
  return { state: 'unavailable' as const, code, reason }
}
