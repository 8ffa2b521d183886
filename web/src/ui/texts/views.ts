import { views as en } from "./en/views";
import { choose, language } from "./basic";

/** The words of the agent's views. */
export const v = choose(language, { en });
