const unattendedMs = 5 * 60_000
let lastTouched = performance.now()

function touched(): void {
  lastTouched = performance.now()
}
for (const event of ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const)
  addEventListener(event, touched, { capture: true, passive: true })

/** What a page that nobody touched for minutes says with what it asks by itself, so that it keeps no session open. */
export function attendance(): Record<string, string> {
  return performance.now() - lastTouched > unattendedMs ? { 'upkeep-unattended': '1' } : {}
}
