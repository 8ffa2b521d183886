// Prints who is there and what waits, and whatever changes of it, for as many changes as the first argument says.
//   URL=http://127.0.0.1:8000 WORKSPACE=demo TOKEN=… node wallboard.mjs 10     (the token: a supervisor's)
import { Client, Supervisor } from "casebaton";

const { URL: url, WORKSPACE: workspace, TOKEN: token } = process.env;
const client = new Client({ url, workspace, token });
const overview = new Supervisor(client).watchWorkspace();
let left = Number(process.argv[2] ?? Infinity);

overview.on("change", ({ begins, agents, queues }) => {
  if (begins) console.log(`${overview.agents.size} agents, ${overview.queues.size} queues`);
  for (const name of begins ? overview.queues.keys() : queues) {
    const { waiting, offered, active } = overview.queues.get(name);
    console.log(`${name}: ${waiting} waiting, ${offered} offered, ${active} active`);
  }
  for (const name of agents) {
    const { label, presence } = overview.agents.get(name);
    console.log(`${name} is ${label}, ${presence}`);
  }
  left -= 1;
  if (left <= 0) client.close();
});

await client.open();
