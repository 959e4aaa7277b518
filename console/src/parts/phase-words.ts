/** Where a change stands, as it is said in a list. */
export const phaseWords: Readonly<Record<string, string>> = {
  proposed: 'waits',
  applying: 'is being made',
  applied: 'made, not yet seen in force',
  undoing: 'is being taken back',
  undone: 'taken back',
  closed: 'closed',
}
