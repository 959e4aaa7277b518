import type { AttackAtom } from '@upkeep/contract/attack-atom'
import { type Attacked, type Attempt, type Front, type Judged, nothingToTry } from './attacked.ts'
import { nestedArgument, pollutedPrototype, toolArgument, unlistedTool, writeOutside } from './call-attacks.ts'
import { batch, foreignPreflight, forgedRequest, sameId } from './front-attacks.ts'
import {
  burst,
  cancelFlood,
  environment,
  listing,
  ownConnection,
  resourceAddress,
  secretInLog,
  uninvitedRequest,
} from './session-attacks.ts'

/** Makes one attack on a running server, and says what came of it. Whoever started the server ends it. */
export async function makeAttack(atom: AttackAtom, server: Attacked): Promise<Attempt> {
  const sent: Attempt['transcript'] = []
  const judged = await attack(atom, watched(server, sent))
  return { ...judged, transcript: sent.slice(-10) }
}

async function attack(atom: AttackAtom, server: Attacked): Promise<Judged> {
  switch (atom.probe) {
    case 'forged-request':
      return atFront(server, (front) => forgedRequest(front, atom.with))
    case 'foreign-preflight':
      return atFront(server, (front) => foreignPreflight(front, atom.with))
    case 'batch':
      return atFront(server, (front) => batch(front, atom.with))
    case 'same-id':
      return atFront(server, sameId)
    case 'burst':
      return burst(server, atom.with)
    case 'nested-argument':
      return nestedArgument(server, atom.with)
    case 'cancel-flood':
      return cancelFlood(server, atom.with)
    case 'unlisted-tool':
      return unlistedTool(server, atom.with)
    case 'tool-argument':
      return toolArgument(server, atom.with)
    case 'write-outside':
      return writeOutside(server, atom.with)
    case 'resource-address':
      return resourceAddress(server, atom.with)
    case 'polluted-prototype':
      return pollutedPrototype(server, atom.with)
    case 'environment':
      return environment(server)
    case 'secret-in-log':
      return secretInLog(server, atom.with)
    case 'listing':
      return listing(server, atom.with)
    case 'uninvited-request':
      return uninvitedRequest(server, atom.with)
    case 'own-connection':
      return ownConnection(server)
  }
}

async function atFront({ front }: Attacked, call: (front: Front) => Promise<Judged>): Promise<Judged> {
  return front === null ? nothingToTry('it is spoken to over standard input and output: there is no door') : call(front)
}

/** Writes down what goes in and how it was answered, without the text of answers. */
function watched(server: Attacked, sent: Attempt['transcript']): Attacked {
  const { front } = server
  return {
    ...server,
    rpc: async (method, params = {}, timeoutMs) => {
      const reply = await server.rpc(method, params, timeoutMs)
      const said = reply.state === 'error' ? `error ${reply.code}` : reply.state === 'failed' ? 'no answer' : 'result'
      sent.push({
        sent: `${method} ${JSON.stringify(params).slice(0, 300)}`,
        received: `${said}, ${reply.milliseconds} ms`,
      })
      return reply
    },
    front:
      front === null
        ? null
        : {
            ...front,
            send: async (request) => {
              const answer = await front.send(request)
              const { body, ...shown } = request
              sent.push({
                sent: `${shown.method ?? 'POST'} ${JSON.stringify(shown)}${body === undefined ? '' : ` ${body.slice(0, 100)}`}`,
                received: answer.state === 'answered' ? `HTTP ${answer.status}` : answer.reason,
              })
              return answer
            },
          },
  }
}
