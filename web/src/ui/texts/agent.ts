import { agent as en } from "./en/agent";
import { choose, language } from "./basic";

/** The words of the agent's page. */
export const a = choose(language, { en });
