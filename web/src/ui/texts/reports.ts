import { reports as en } from "./en/reports";
import { choose, language } from "./index";

/** The words of the dashboard's reports, of a case's life and of erasing. */
export const r = choose(language, { en });
