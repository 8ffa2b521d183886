import { work as en } from "./en/work";
import { choose, language } from "./index";

/** The words of the dashboard's queues, cases and alerts. */
export const w = choose(language, { en });
