// Submits a case and tells what becomes of it, until it has ended.
//   URL=http://127.0.0.1:8000 WORKSPACE=demo TOKEN=… node producer.mjs QUEUE SUBJECT     (the token: a producer's)
import { Client, Producer, isCaseEvent } from "casebaton";

const { URL: url, WORKSPACE: workspace, TOKEN: token } = process.env;
const [queue, subject] = process.argv.slice(2);
const client = new Client({ url, workspace, token });
const producer = new Producer(client);

await client.open();
const line = await producer.watchQueue(queue).opened();
console.log(`${line.waiting} wait in ${line.queue}`);

const id = `example-${Date.now()}`;
const ended = new Promise((resolve) => {
  client.on("event", (event) => {
    if (!isCaseEvent(event) || event.case !== id) return;
    console.log(`${event.type}: ${event.state}, ${event.owner}`);
    if (event.owner === "none") resolve();
  });
});
const { state } = await producer.submit({ queue, subject, case: id, data: { order: 7 } });
console.log(`submitted: ${state}`);
await ended;
const { items } = await producer.history(id);
console.log(`${items.length} events, the last by ${items[0].actor}`);
client.close();
