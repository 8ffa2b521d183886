import { choose, language } from "./basic";
import { caseWords as en } from "./en/case";

/** The words of a case on the agent's page. */
export const c = choose(language, { en });
