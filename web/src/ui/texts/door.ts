import { door as en } from "./en/door";
import { choose, language } from "./basic";

/** The words of the door. */
export const d = choose(language, { en });
