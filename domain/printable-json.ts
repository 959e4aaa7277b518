/** The characters that `JSON.stringify` leaves raw and a terminal, an editor or a reviewer would not see or would obey. */
const raw = /[\x7f-\x9f\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/gu

/** JSON of the very same value in which nothing is hidden: such characters stand as `\uXXXX`. */
export function printableJson(value: unknown, indent = 2): string {
  return withoutRaw(JSON.stringify(value, null, indent))
}

/** The same JSON text with nothing hidden in it. Such characters stand in JSON only inside strings, so what it says stays the same. */
export function withoutRaw(json: string): string {
  return json.replace(raw, escapeUnits)
}

function escapeUnits(character: string): string {
  let escaped = ''
  for (let at = 0; at < character.length; at += 1) {
    escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`
  }
  return escaped
}
