/** What the limits of a verification depend on. */
export interface Basis {
  readonly earlier: number
  /** Size of the newest earlier checkpoint. */
  readonly newest: number
  readonly leaves: number
  readonly pinned: boolean
}

/** What cannot be told from what was given, in plain words. Said with every result, a good one too. */
export function limitsOf({ earlier, newest, leaves, pinned }: Basis): string[] {
  const limits: string[] = []
  if (earlier === 0) {
    limits.push(
      'Whether the newest records were removed together with their checkpoints, or the ledger was rewritten whole by someone who has its key: no checkpoint exported earlier was given.',
    )
  } else if (newest < leaves) {
    limits.push(
      `Whether leaves ${newest} to ${leaves - 1} are all there were, and were never rewritten: the newest checkpoint given vouches for ${newest} leaves.`,
    )
  } else {
    limits.push('Whether anything was sealed after the newest checkpoint given, and removed since.')
  }
  if (!pinned) limits.push('Whose key it is: no public key kept elsewhere was given.')
  limits.push('Whether a record was true when it was sealed. Times are those of the clock of the machine.')
  return limits
}
