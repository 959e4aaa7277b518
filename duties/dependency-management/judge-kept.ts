import { called, decision, emptyPart, type Package, type Part } from './part.ts'

/** Whether the files on the disk are those of the tarballs that are kept here. */
export function judgeKept(packages: readonly Package[]): Part {
  const part = emptyPart()
  let same = 0
  for (const one of packages) {
    if (one.kept === undefined) continue
    const { state, detail } = one.kept
    if (state === 'same') same += 1
    else if (state === 'differs' && one.installScripts.length === 0) part.findings.push(differs(one, detail))
    else if (state === 'differs')
      part.unknowns.push(
        `${called(one)}: ${detail} is not as in the kept package; its install scripts may have written it`,
      )
    else part.unknowns.push(`${called(one)} could not be held against the kept package: ${detail}`)
    if (state === 'same' || state === 'differs')
      part.decided.push(decision('integrity-mismatch', `${one.name} kept-package`))
  }
  if (same > 0) part.passes.push(`each file of ${same} of ${packages.length} packages is as in the kept package`)
  return part
}

function differs(one: Package, file: string): Part['findings'][number] {
  return {
    rule: 'integrity-mismatch',
    facts: {
      package: one.name,
      version: one.version,
      path: one.path,
      copy: one.copy,
      compared: 'kept-package',
      installed: file,
      expected: one.recorded?.integrity ?? '',
    },
    summary: `${called(one)}: ${file} was changed after the package was installed, or is gone`,
    action:
      'Do not start it. Delete the copy and install it anew; keep a copy aside if you want to know who wrote there.',
  }
}
