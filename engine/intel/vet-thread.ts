import { parentPort, workerData } from 'node:worker_threads'
import { type VetJob, vetDocuments } from './vet-documents.ts'

/** A thread that reads and judges documents for a `VetPool`, answering job by job. */
const { latest, zip }: { latest: string; zip: SharedArrayBuffer | null } = workerData
const source = { latest, zip: zip === null ? null : Buffer.from(zip) }

parentPort?.on('message', (text: string) => {
  const job: VetJob = JSON.parse(text)
  parentPort?.postMessage(vetDocuments(job, source))
})
