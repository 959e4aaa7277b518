/** Parts of a URI template: literal text, or what stands in braces. RFC 6570. */
const part = /\{([^{}]*)\}/g

/** Whether a template has a variable of many values, in one of the two forms whose pattern backtracks. */
export function hasExploded(template: string): boolean {
  return [...template.matchAll(part)].some(([, inside = '']) => /^\/?\w+\*$/.test(inside))
}

/** An address that the template nearly matches: a run of commas for each exploded variable, and an end that does not fit. */
export function addressWith(template: string, commas: number): string {
  const filled = template.replace(part, (_whole, inside: string) => {
    const lead = inside.startsWith('/') ? '/' : ''
    return `${lead}${inside.endsWith('*') ? `a${','.repeat(commas)}` : 'a'}`
  })
  return `${filled}/`
}
