/** A browser on a bare server has a language that no list knows, such as "en-US@posix": formatting a number by it throws. */
function isKnown(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length >= 0
  } catch {
    return false
  }
}

if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-GB' })
