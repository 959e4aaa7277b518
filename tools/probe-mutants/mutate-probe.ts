/** What a probe without a body could say of every target. */
export const constantAnswers = ['held', 'broken', 'inconclusive', 'not-applicable'] as const
export type ConstantAnswer = (typeof constantAnswers)[number]

const declaration = /(export const \w+[^=\n]*= )define(?:Server)?Probe\(/

/** The source of a probe with its body taken out: whatever it is pointed at, it gives one answer. Null where there is no probe in it. */
export function mutateProbe(source: string, answer: ConstantAnswer): string | null {
  if (!declaration.test(source)) return null
  const mutant = `function bodiless(probe) {
  return { ...probe, attempt: async () => ({ outcome: '${answer}', detail: 'said without looking', transcript: [] }) }
}`
  return `${source.replace(declaration, '$1bodiless(')}\n${mutant}\n`
}
