/** The pages in the order of the navigation; `g` and the letter goes there. */
export const places = [
  { path: '/', name: 'Today', letter: 't' },
  { path: '/fleet', name: 'Fleet', letter: 'f' },
  { path: '/findings', name: 'Findings', letter: 'n' },
  { path: '/changes', name: 'Changes', letter: 'c' },
  { path: '/calendar', name: 'Calendar', letter: 'l' },
  { path: '/evidence', name: 'Evidence', letter: 'e' },
  { path: '/settings', name: 'Settings', letter: 's' },
] as const

/** Whether a path belongs to a place of the navigation. */
export function isAt(path: string, place: string): boolean {
  return place === '/' ? path === '/' : path === place || path.startsWith(`${place}/`)
}
