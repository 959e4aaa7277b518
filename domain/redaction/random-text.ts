/**
 * Whether a text looks drawn at random rather than written by a person: letters and digits change class (lower, upper, digit) far more
 * often than words, versions and names do. Deliberately quick to say yes: a yes only hides text.
 */
export function looksRandom(text: string, atLeast = 16): boolean {
  let letters = 0
  let changes = 0
  let last = 0
  for (let index = 0; index < text.length; index += 1) {
    const kind = classOf(text.charCodeAt(index))
    if (kind === 0) continue
    letters += 1
    // An upper-case letter followed by lower-case ones is how words begin: only the step up counts.
    if (last !== 0 && kind !== last && !(last === 2 && kind === 1)) changes += 1
    last = kind
  }
  return letters >= atLeast && changes / letters > 0.22
}

/** 1 lower case, 2 upper case, 3 digit, 0 anything else. */
function classOf(code: number): 0 | 1 | 2 | 3 {
  if (code >= 97 && code <= 122) return 1
  if (code >= 65 && code <= 90) return 2
  return code >= 48 && code <= 57 ? 3 : 0
}
