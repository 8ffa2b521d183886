// Goes online, takes whatever is offered, writes a note and completes it: as many cases as the first argument says.
//   URL=http://127.0.0.1:8000 WORKSPACE=demo TOKEN=… node agent.mjs 1     (Node 20: node --experimental-websocket …)
import { Agent, Client, CommandRefused } from "casebaton";

const { URL: url, WORKSPACE: workspace, TOKEN: token } = process.env;
const client = new Client({ url, workspace, token });
const agent = new Agent(client); // before open: it follows the connection from its first snapshot
let left = Number(process.argv[2] ?? 1);

client.on("lost", ({ closeCode, retryInMs }) => console.log(`lost (${closeCode}), again in ${Math.round(retryInMs)} ms`));
agent.on("notice", ({ kind, how, case: one }) => console.log(`${kind} ${how}: ${one.card?.subject}`));
agent.on("offer", async (offer) => {
  console.log(`offered: ${offer.case.card?.subject}, ${Math.ceil(offer.remainingMs() / 1000)} s to answer`);
  try {
    const owned = await offer.accept();
    await owned.addNote("Done by a program.");
    const { state } = await owned.complete("solved");
    console.log(`${owned.case.case} is ${state}`);
    left -= 1;
  } catch (error) {
    if (!(error instanceof CommandRefused)) throw error;
    console.log(`refused: ${error.code}, ${error.current?.owner ?? "nobody"} has it`);
  }
  if (left === 0) client.close();
});

await client.open();
await agent.setStatus("online");
console.log(`${agent.me.name} is ${agent.me.label}`);
