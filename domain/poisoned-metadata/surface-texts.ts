/** What a server says of itself to a model. */
export interface Surface {
  tools: readonly {
    name: string
    title: string | null
    description: string | null
    inputSchema: unknown
    outputSchema: unknown
    annotations: unknown
  }[]
  instructions: string | null
  prompts?: readonly Described[] | null
  resources?: readonly Described[] | null
  templates?: readonly Described[] | null
}

/** Anything else that a server lists under a name: a prompt with its arguments, a resource. */
interface Described {
  name: string
  title: string | null
  description: string | null
  arguments?: readonly { name: string; description: string | null }[]
}

/** One text of a surface, with the place where it stands. */
export interface SurfaceText {
  where: string
  tool: string | null
  text: string
}

const maxTexts = 5_000
const maxDepth = 24
const maxLength = 65_536

/** Every text that reaches a model: names, titles, descriptions, everything written in schemas, instructions. Bounded. */
export function surfaceTexts({ tools, instructions, prompts, resources, templates }: Surface): {
  texts: SurfaceText[]
  cut: boolean
} {
  const texts: SurfaceText[] = []
  if (instructions !== null) texts.push({ where: 'instructions', tool: null, text: instructions })
  for (const tool of tools) {
    const place = `tool ${tool.name.slice(0, 80)}`
    const add = (what: string, text: string | null) => {
      if (text !== null) texts.push({ where: `${place}, ${what}`, tool: tool.name, text })
    }
    add('name', tool.name)
    add('title', tool.title)
    add('description', tool.description)
    for (const what of ['inputSchema', 'outputSchema', 'annotations'] as const)
      addInside(tool[what], `${place}, ${what}`, tool.name, texts)
  }
  for (const [what, list] of Object.entries({ prompt: prompts, resource: resources, template: templates }))
    for (const one of list ?? []) addDescribed(one, `${what} ${one.name.slice(0, 80)}`, texts)
  const cut = texts.length > maxTexts || texts.some(({ text }) => text.length > maxLength)
  return { texts: texts.slice(0, maxTexts).map((one) => ({ ...one, text: one.text.slice(0, maxLength) })), cut }
}

function addDescribed(one: Described, place: string, texts: SurfaceText[]): void {
  if (texts.length > maxTexts) return
  texts.push({ where: `${place}, name`, tool: null, text: one.name })
  if (one.title !== null) texts.push({ where: `${place}, title`, tool: null, text: one.title })
  if (one.description !== null) texts.push({ where: `${place}, description`, tool: null, text: one.description })
  for (const { name, description } of one.arguments ?? [])
    texts.push({ where: `${place}, argument ${name.slice(0, 40)}`, tool: null, text: description ?? name })
}

/** The texts inside a schema: values and keys, each under the way to it. */
function addInside(value: unknown, where: string, tool: string, texts: SurfaceText[]): void {
  const waiting = [{ value, where, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined && texts.length <= maxTexts; next = waiting.pop()) {
    const { value: one, where: place, depth } = next
    if (typeof one === 'string') texts.push({ where: place, tool, text: one })
    if (typeof one !== 'object' || one === null || depth >= maxDepth) continue
    for (const [key, inner] of Object.entries(one).slice(0, 1_000)) {
      if (key.length > 40) texts.push({ where: `${place}, a key`, tool, text: key })
      waiting.push({ value: inner, where: `${place}.${key.slice(0, 40)}`.slice(0, 200), depth: depth + 1 })
    }
  }
}
