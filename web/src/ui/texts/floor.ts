import { floor as en } from "./en/floor";
import { choose, language } from "./index";

/** The words of the dashboard's shell, wallboard and agents. */
export const f = choose(language, { en });
