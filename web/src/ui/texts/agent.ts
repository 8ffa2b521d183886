import { agent as en } from "./en/agent";
import { choose, language } from "./index";

/** The words of the agent's page. */
export const a = choose(language, { en });
