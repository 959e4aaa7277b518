import { useEffect } from 'react'
import { places } from './navigation'

/** Keys that work everywhere but where somebody types. */
export const keys = [
  { keys: '/', does: 'search' },
  { keys: 'g then a letter', does: 'go to a page: its first letter, or the one beside its name here' },
  { keys: 'j and k', does: 'next and previous row' },
  { keys: 'Enter', does: 'open the row' },
  { keys: '?', does: 'this list' },
] as const

const patienceMs = 1_500

/** Listens for the keys. `go` opens a path, `help` shows the list. */
export function useKeyboard(go: (path: string) => void, help: () => void): void {
  useEffect(() => {
    const acts: Readonly<Record<string, (event: KeyboardEvent) => void>> = {
      '?': help,
      '/': focusSearch,
      j: () => moveRow(1),
      k: () => moveRow(-1),
    }
    let going = 0
    function press(event: KeyboardEvent): void {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      const place = Date.now() - going < patienceMs ? places.find(({ letter }) => letter === event.key) : undefined
      going = event.key === 'g' ? Date.now() : 0
      if (place !== undefined) go(place.path)
      else acts[event.key]?.(event)
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [go, help])
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('[data-search]')
  if (field === null) return
  event.preventDefault()
  field.focus()
}

function moveRow(by: number): void {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : Math.min(Math.max(at + by, 0), rows.length - 1)]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}
