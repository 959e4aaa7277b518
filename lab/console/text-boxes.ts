interface Shown {
  text: string
  element: Element
  box: DOMRect
}

/**
 * Finds texts that a reader cannot read as they are shown: cut off by their box, beyond the edge, or over one another. A script for the page,
 * which gives back a line for each.
 */
export function textBoxScript(): string {
  // What runs in the page knows nothing of this module: it takes all its parts along.
  const parts = [isSeen, isScrolledAway, isCutBy, standing, readTexts, overlapping, inPieces, cutValues, unreadable]
  return `(() => { ${parts.map(String).join('\n')}\nreturn unreadable() })()`
}

function isSeen(element: Element, box: DOMRect): boolean {
  if (!element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false
  // What stands wholly outside is put away on purpose: the folded navigation, the link to skip it.
  if (box.width === 0 || box.height === 0 || box.right <= 0 || box.bottom <= 0) return false
  return element.closest('[aria-hidden="true"], .skip, script, style, noscript') === null
}

/** Whether it can be scrolled into sight inside this box, and is not, or not wholly, now. */
function isScrolledAway(box: DOMRect, around: Element): boolean {
  const edge = around.getBoundingClientRect()
  return (
    ['auto', 'scroll'].includes(getComputedStyle(around).overflowY) && (box.bottom > edge.bottom || box.top < edge.top)
  )
}

function isCutBy(box: DOMRect, around: Element): boolean {
  const edge = around.getBoundingClientRect()
  return (
    box.right > edge.right + 1.5 || box.left < edge.left - 1.5 || box.bottom > edge.bottom + 3 || box.top < edge.top - 3
  )
}

/** How a box of text stands: whole, cut off, beyond the edge, or scrolled away inside something. */
function standing(element: Element, box: DOMRect): 'whole' | 'cut off' | 'beyond the edge' | 'scrolled' {
  for (let around = element.parentElement; around !== null; around = around.parentElement) {
    const { overflowX, overflowY } = getComputedStyle(around)
    if (overflowX === 'visible' && overflowY === 'visible') continue
    if (isScrolledAway(box, around)) return 'scrolled'
    if (isCutBy(box, around)) return 'cut off'
  }
  return box.right > document.documentElement.clientWidth + 1 ? 'beyond the edge' : 'whole'
}

function readTexts(): Shown[] {
  // What stands under an open dialog is not for reading now.
  const read = document.querySelector('[role="dialog"]') ?? document.body
  const walker = document.createTreeWalker(read, NodeFilter.SHOW_TEXT)
  const shown: Shown[] = []
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement
    const text = node.textContent?.trim() ?? ''
    if (element === null || text === '') continue
    const range = document.createRange()
    range.selectNodeContents(node)
    const boxes = [...range.getClientRects()].filter((box) => isSeen(element, box))
    shown.push(...boxes.map((box) => ({ text: text.slice(0, 80), element, box })))
  }
  return shown
}

/** Pairs that stand over one another. Letters fill less than their line: one above may reach a little into the one below. */
function overlapping(shown: Shown[]): string[] {
  const sorted = shown.toSorted((one, other) => one.box.top - other.box.top)
  const problems: string[] = []
  for (const [index, one] of sorted.entries())
    for (const other of sorted.slice(index + 1)) {
      if (other.box.top >= one.box.bottom) break
      const across = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left)
      const down = Math.min(one.box.bottom, other.box.bottom) - other.box.top
      const isOver = across > 2 && down > 0.3 * Math.min(one.box.height, other.box.height)
      if (isOver && one.element !== other.element) problems.push(`over one another: ${one.text} | ${other.text}`)
    }
  return problems
}

/** Texts of which hardly more than a letter stands on each line. */
function inPieces(shown: Shown[]): string[] {
  return [...Map.groupBy(shown, ({ element }) => element)].flatMap(([element, lines]) => {
    const text = element.textContent?.trim() ?? ''
    return lines.length > 3 && text.length < 2 * lines.length ? [`in pieces: ${text}`] : []
  })
}

/** What stands in a field that is too small for it. Of a date the browser shows more than its value: that takes so many pixels. */
function cutValues(): string[] {
  const pen = document.createElement('canvas').getContext('2d')
  const least: Record<string, number> = { date: 110, time: 70, 'datetime-local': 165 }
  const fields = [...document.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')]
  return fields.flatMap((field) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(field)
    const text = field instanceof HTMLSelectElement ? (field.selectedOptions[0]?.text ?? '') : field.value
    if (pen === null || field.clientWidth < 40 || !field.checkVisibility()) return []
    pen.font = font
    const room = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight)
    return room + 1 < (least[field.type] ?? pen.measureText(text).width)
      ? [`cut off in its field: ${text || field.type}`]
      : []
  })
}

function unreadable(): string[] {
  const all = readTexts().map((one) => ({ ...one, stands: standing(one.element, one.box) }))
  const broken = all.filter(({ stands }) => stands === 'cut off' || stands === 'beyond the edge')
  const whole = all.filter(({ stands }) => stands === 'whole')
  const told = broken.map(({ stands, text }) => `${stands}: ${text}`)
  return [...new Set([...told, ...overlapping(whole), ...inPieces(all), ...cutValues()])]
}
