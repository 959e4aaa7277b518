/**
 * Whether a regular expression admits only harmless texts: it fits the whole text and has no class that takes anything. `whole` says that
 * the caller already fits the whole.
 */
export function isStrictPattern(source: string, whole = false): boolean {
  const inner = source.replace(/^r?["']|["']$/g, '')
  const anchored = whole || (inner.startsWith('^') && /(?:\$|\\Z)$/.test(inner))
  if (!anchored) return false
  const withoutEscapes = inner.replace(/\\[.\\/+*?()[\]{}|^$-]/g, '')
  return (
    !/\\[SDW]/.test(withoutEscapes) && !/\.[*+{?]/.test(outsideClasses(withoutEscapes)) && !/\[\^/.test(withoutEscapes)
  )
}

function outsideClasses(source: string): string {
  return source.replace(/\[[^\]]{0,500}\]/g, 'x')
}

/** A pattern that takes everything but a few harmless characters: what replacing its matches by nothing leaves is harmless. */
export function isAllButFew(source: string): boolean {
  return /^r?["']?\[\^(?:[A-Za-z0-9_ .-]|\\[wds.-]){1,60}\][+*]?["']?$/.test(source)
}
