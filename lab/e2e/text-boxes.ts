/** Texts that a reader cannot read as they are shown: cut off by their box, beyond the edge, or over one another. Runs in the page. */
export function unreadableTexts(): string[] {
  interface Shown {
    text: string
    element: Element
    box: DOMRect
  }
  const width = document.documentElement.clientWidth
  const problems: string[] = []
  const shown: Shown[] = []

  function isSeen(element: Element, box: DOMRect): boolean {
    if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
    // What stands wholly outside is put away on purpose: the folded navigation, the link to skip it.
    if (box.width === 0 || box.height === 0 || box.right <= 0 || box.bottom <= 0) return false
    return element.closest('[aria-hidden="true"], .skip, [hidden]') === null
  }

  /** The part of a box that its scrolling and clipping ancestors let through; null where they let nothing through. */
  function cutBy(element: Element, box: DOMRect): Element | 'scrolled' | null {
    for (let around = element.parentElement; around !== null; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around)
      if (overflowX === 'visible' && overflowY === 'visible') continue
      const edge = around.getBoundingClientRect()
      const isBelow = box.top >= edge.bottom - 1 || box.bottom <= edge.top + 1
      const isScrolled = ['auto', 'scroll'].includes(overflowY)
      if (isScrolled && (isBelow || box.bottom > edge.bottom || box.top < edge.top)) return 'scrolled'
      const isCut = box.right > edge.right + 1.5 || box.left < edge.left - 1.5
      const isCutBelow = !isScrolled && (box.bottom > edge.bottom + 3 || box.top < edge.top - 3)
      if (isCut || isCutBelow) return around
    }
    return null
  }

  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (element === null || text === '' || ['SCRIPT', 'STYLE', 'NOSCRIPT'].includes(element.tagName)) continue
    const range = document.createRange()
    range.selectNodeContents(node)
    for (const box of range.getClientRects()) {
      if (!isSeen(element, box)) continue
      const cut = cutBy(element, box)
      if (cut === 'scrolled') continue
      if (cut !== null) problems.push(`cut off: ${text.slice(0, 80)}`)
      else if (box.right > width + 1) problems.push(`beyond the edge: ${text.slice(0, 80)}`)
      else shown.push({ text, element, box })
    }
  }

  // Letters fill less than their line: a line above may reach a little into the one below.
  const slack = 0.3
  shown.sort((one, other) => one.box.top - other.box.top)
  for (const [index, one] of shown.entries()) {
    for (const other of shown.slice(index + 1)) {
      if (other.box.top >= one.box.bottom) break
      if (one.element === other.element) continue
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const down = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top)
      if (across > 2 && down > slack * Math.min(one.box.height, other.box.height))
        problems.push(`over one another: ${one.text.slice(0, 60)} | ${other.text.slice(0, 60)}`)
    }
  }
  return [...new Set(problems)]
}
