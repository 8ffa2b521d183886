import { setup as en } from "./en/setup";
import { choose, language } from "./index";

/** The words of the dashboard's configuration, roster and health. */
export const s = choose(language, { en });
