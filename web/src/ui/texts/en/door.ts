import { plural } from "../../format";

/** What is said at the door: signing in, and how the connection stands. */
export const door = {
  nameRule: "Letters, digits and . _ @ + -, no spaces",
  nameIsEnough: "Development server: a name is enough.",
  role: "Role",
  roles: { agent: "Agent", supervisor: "Supervisor", producer: "Producer", admin: "Administrator" },
  signingIn: "Signing in…",
  noAgent: (name: string, workspace: string) => `There is no agent ${name} in ${workspace}.`,
  unreached: "The server cannot be reached",
  notReady: (status: number) => `The server is not ready: it answered ${status}`,
  asksAgain: "This page asks again by itself, and goes on as soon as there is an answer.",
  restarting: "The server is being restarted.",
  stillAway: "The server cannot be reached: it was to be back by now.",
  nextAttemptIn: (seconds: number) => plural(seconds, { one: "Next attempt in # second.", other: "Next attempt in # seconds." }),
};
