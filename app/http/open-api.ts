import { z } from 'zod'
import { operations } from '../operations/table.ts'
import { downloads, type Exposed } from './exposed.ts'
import { apiRoot } from './operation-routes.ts'
import { type OwnRoute, ownRoutes } from './own-routes.ts'
import { inputSchema, isRecord, outputSchema, PageQuery } from './published-schemas.ts'

/** The OpenAPI 3.1 description of the whole API, drawn from the operation table: there is no second description. */
export function openApi(table: readonly Exposed[], version: string, files: readonly Exposed[] = downloads(operations)) {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const one of table) {
    const path = `${apiRoot}/${one.path}`
    paths[path] = { ...paths[path], [one.effect === 'read' ? 'get' : 'post']: described(one) }
  }
  for (const one of files) {
    const path = `${apiRoot}/${one.path}`
    paths[path] = { ...paths[path], get: fileDescribed(one) }
  }
  for (const one of ownRoutes) paths[one.path] = { ...paths[one.path], [one.method]: ownDescribed(one) }
  return {
    openapi: '3.1.0',
    info: {
      title: 'upkeep',
      version,
      description:
        'Operational maintenance for MCP servers: every operation that the command line has, but those that need the machine it stands on.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'upkeep_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
      schemas: { Problem: problem },
    },
  }
}

function described({ operation, effect, role, input }: Exposed) {
  const { summary, id } = operation
  const common = {
    operationId: effect === 'read' ? `${id}.read` : id,
    summary,
    tags: [id.split('.')[0]],
    'x-upkeep-role': role,
    responses: responsesOf(operation, effect),
  }
  if (effect === 'read') return { ...common, parameters: parametersOf(input, operation.pages !== undefined) }
  return {
    ...common,
    parameters: [keyParameter, assertionParameter],
    requestBody: { content: { 'application/json': { schema: inputSchema(input) } } },
  }
}

/** What is handed out as a file. */
function fileDescribed(one: Exposed) {
  const { summary, id, download } = one.operation
  return {
    operationId: id,
    summary,
    tags: [id.split('.')[0]],
    'x-upkeep-role': one.role,
    parameters: parametersOf(one.input, false),
    responses: {
      ...responsesOf(one.operation, 'write'),
      200: {
        description: 'The file',
        content: { [download?.type ?? 'application/json']: { schema: { type: 'object' } } },
      },
    },
  }
}

function ownDescribed({ id, summary, role, answers }: OwnRoute) {
  const content =
    answers instanceof z.ZodObject
      ? { 'application/json': { schema: inputSchema(answers) } }
      : { [answers.type]: { schema: text } }
  return {
    operationId: id,
    summary,
    tags: ['door'],
    ...(role === null ? { security: [] } : { 'x-upkeep-role': role }),
    responses: {
      200: { description: 'Done', content },
      401: refused('Nobody is signed in'),
      403: refused('This takes a role'),
      429: refused('Too many requests'),
    },
  }
}

function refused(description: string) {
  return {
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
}

function responsesOf(operation: Exposed['operation'], effect: Exposed['effect']) {
  const schema = outputSchema({ operation, effect })
  return {
    200: { description: 'Done', content: { 'application/json': { schema } } },
    ...(effect === 'read' && { 304: { description: 'As the ETag that was sent' } }),
    400: refused('A value has the wrong form'),
    401: refused('Nobody is signed in'),
    403: refused('This takes a role, or a person'),
    404: refused('There is no such thing'),
    409: refused('It cannot be done as things stand'),
    429: refused('Too many requests'),
    500: refused('upkeep itself failed'),
    503: refused('Busy, or the state cannot be used'),
  }
}

function parametersOf(input: Exposed['input'], isPaged: boolean) {
  const all = [inputSchema(input), ...(isPaged ? [inputSchema(PageQuery)] : [])]
  return all.flatMap(({ properties = {}, required = [] }) =>
    Object.entries(properties).map(([name, schema]) => ({
      name,
      in: 'query',
      required: required.includes(name),
      schema,
      ...(isRecord(schema) && typeof schema.description === 'string' && { description: schema.description }),
    })),
  )
}

const keyParameter = {
  name: 'idempotency-key',
  in: 'header',
  required: false,
  description:
    'Your own name for this write: sent again within thirty days, it is not done again, and gets the same answer.',
  schema: { type: 'string', minLength: 8, maxLength: 200 },
}

const assertionParameter = {
  name: 'passkey-assertion',
  in: 'header',
  required: false,
  description:
    'What the authenticator answered to the challenge of a problem "signature-needed": JSON of authenticatorData, clientDataJSON, credential and signature, each base64url, the whole base64url.',
  schema: { type: 'string', maxLength: 12_000 },
}

const text = { type: 'string' }
const problem = {
  type: 'object',
  description: 'RFC 9457',
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' },
    detail: text,
    action: text,
    code: text,
    request: text,
    signature: {
      type: 'object',
      description: 'With "signature-needed": what a passkey is to sign',
      properties: { shown: text, statement: text, challenge: text, credentials: { type: 'array', items: text } },
      required: ['shown', 'statement', 'challenge', 'credentials'],
    },
  },
  required: ['type', 'title', 'status', 'code'],
}
