/** What one attempt to get past something came to, as the record of it says. */
export interface Proof {
  readonly probe: string
  readonly title: string
  readonly outcome: 'held' | 'broken' | 'inconclusive' | 'not-applicable'
  readonly detail: string
  readonly attempts: number
  readonly turns: readonly { readonly sent: string; readonly received: string }[]
}

const kinds: readonly unknown[] = ['server-probes', 'endpoint-attacks', 'control-probes']
const outcomes: readonly unknown[] = ['held', 'broken', 'inconclusive', 'not-applicable'] satisfies Proof['outcome'][]

/** The proofs that a stored observation holds, what got through first; none where it is of another kind. What is not of their shape is left out. */
export function proofsIn(body: unknown): Proof[] {
  const { kind, state, facts } = Object(body)
  if (!kinds.includes(kind) || state !== 'seen') return []
  return listIn(Object(facts).results)
    .flatMap(proofOf)
    .toSorted((one, other) => rank(one) - rank(other))
}

/** Digests of the observations of this subject, in the list of what a run saw, that may hold proofs. */
export function proofRecords(manifest: unknown, subject: string): string[] {
  return listIn(manifest).flatMap((line) => {
    const { kind, subject: of, observation } = Object(line)
    return kinds.includes(kind) && Object(of).id === subject && typeof observation === 'string' ? [observation] : []
  })
}

/** Which proofs a finding rests on, by its facts: those of the probes that it names, or the one that said the same. Null where it rests on none. */
export function restsOn(facts: Readonly<Record<string, unknown>>): ((proof: Proof) => boolean) | null {
  const named = [Object(facts.proof).probe, facts.probe, ...listIn(facts.probes)].filter(isText)
  if (named.length > 0) return ({ probe }) => named.includes(probe)
  const { url, detail } = facts
  return isText(url) && isText(detail) ? (one) => one.outcome === 'broken' && one.detail === detail : null
}

function proofOf(value: unknown): Proof[] {
  const { probe, title, control, outcome, detail, attempts, transcript } = Object(value)
  if (!isText(probe) || !isText(detail) || !outcomes.includes(outcome)) return []
  const turns = listIn(transcript).flatMap((turn) => {
    const { sent, received } = Object(turn)
    return isText(sent) && isText(received) ? [{ sent, received }] : []
  })
  return [
    {
      probe,
      title: isText(title) ? title : isText(control) ? control : probe,
      outcome,
      detail,
      attempts: Number(attempts) || 1,
      turns,
    },
  ]
}

function listIn(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function rank({ outcome }: Proof): number {
  return ['broken', 'inconclusive', 'held', 'not-applicable'].indexOf(outcome)
}
