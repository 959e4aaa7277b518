/** A name that is the same for every spelling that any registry takes for one: wide, so that what is meant is compared afterwards. */
export function looseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-')
}
