// BullMQ's side: for each number on stdin add and process so many jobs, then print the seconds that it took.
import { createInterface } from 'node:readline'
import { Queue, Worker } from 'bullmq'
import Redis from 'ioredis'

const AT_ONCE = 100
const [path] = process.argv.slice(2)
const data = { subject: 'The lamp flickers', customer: 'Abe' }
const connect = () => new Redis({ path, maxRetriesPerRequest: null }) // what a Worker demands

let left = 0
let finish

// Told fastest of what was tried: completed jobs removed at once, no automatic pipelining.
const queue = new Queue('cases', { connection: connect(), defaultJobOptions: { removeOnComplete: true } })
const worker = new Worker('cases', async () => {}, { connection: connect(), concurrency: AT_ONCE })
worker.on('completed', () => { if (--left === 0) finish() })
worker.on('failed', (_, error) => { throw error })
for (const each of [queue, worker]) each.on('error', error => { throw error })
await worker.waitUntilReady()

async function run(jobs) {
  left = jobs
  const finished = new Promise(resolve => { finish = resolve })
  let added = 0
  const add = async () => { while (added++ < jobs) await queue.add('case', data) }
  const began = process.hrtime.bigint()
  await Promise.all([finished, ...Array.from({ length: AT_ONCE }, add)])
  return Number(process.hrtime.bigint() - began) / 1e9
}

for await (const line of createInterface({ input: process.stdin })) console.log(await run(Number(line)))
process.exit(0)
