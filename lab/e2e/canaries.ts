/** A secret that must be nowhere in what the product writes. `where` says where it was put. */
export interface Canary {
  where: string
  text: string
}

/**
 * Finds canaries in a text: as they are, URL- or JSON-escaped, as hex, in base64 and its URL form at any alignment, and without the
 * regard to case that some encoders have.
 */
export function leaksIn(text: string, canaries: readonly Canary[]): string[] {
  const lower = text.toLowerCase()
  return canaries.flatMap(({ where, text: secret }) =>
    formsOf(secret)
      .filter(([, form]) => lower.includes(form.toLowerCase()))
      .map(([how]) => `${where} (${how})`),
  )
}

function formsOf(secret: string): (readonly [how: string, form: string])[] {
  const bytes = Buffer.from(secret, 'utf8')
  const json = JSON.stringify(secret).slice(1, -1)
  return [
    ['plain', secret],
    ['url', encodeURIComponent(secret)],
    ['json', json],
    ['json in json', JSON.stringify(json).slice(1, -1)],
    ['html', secret.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;')],
    ['hex', bytes.toString('hex')],
    ...[0, 1, 2].flatMap((shift) => base64At(bytes, shift)),
  ]
}

/** The part of the base64 form that does not depend on what stands before and after. */
function base64At(bytes: Buffer, shift: number): (readonly [string, string])[] {
  const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
  const [from, to] = [shift === 0 ? 0 : 4, Math.floor(shifted.length / 3) * 4]
  return (['base64', 'base64url'] as const).map((form) => [form, shifted.toString(form).slice(from, to)] as const)
}
