import { common as enCommon } from "./en/common";
import { states as enStates } from "./en/states";

// What a page says as soon as it is seen. What comes later imports "./index", which has the words of all codes besides.

/** The first of these that a reader of `wanted` ("de-AT") understands; English, if none does. */
export function choose<Found>(wanted: string, languages: Readonly<Record<string, Found>>): Found {
  return languages[wanted] ?? languages[wanted.split("-")[0]!] ?? languages["en"]!;
}

/** The page's language, as its root says. */
export const language = globalThis.document?.documentElement.lang || "en";

/** The words of both pages, and of states. */
export const t = choose(language, { en: enCommon });
export const states = choose(language, { en: enStates });

/** A code in words; as it is, with spaces, where there are none: a newer server may say more than this page knows. */
export function word(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? table[code]! : code.replaceAll("_", " ");
}
