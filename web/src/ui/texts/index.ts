import { codes as enCodes } from "./en/codes";
import { common as enCommon } from "./en/common";

/** A language: a folder beside this file, and a line in LANGUAGES. */
interface Language {
  common: typeof enCommon;
  codes: typeof enCodes;
}

const LANGUAGES: Readonly<Record<string, Language>> = { en: { common: enCommon, codes: enCodes } };

/** The first of these that a reader of `wanted` ("de-AT") understands; English, if none does. */
export function choose<Found>(wanted: string, languages: Readonly<Record<string, Found>>): Found {
  return languages[wanted] ?? languages[wanted.split("-")[0]!] ?? languages["en"]!;
}

/** The page's language, as its root says. */
export const language = globalThis.document?.documentElement.lang || "en";

/** The words of both pages, and of the engine's codes. */
export const { common: t, codes } = choose(language, LANGUAGES);

/** A code in words; as it is, with spaces, where there are none: a newer server may say more than this page knows. */
export function word(table: Readonly<Record<string, string>>, code: string): string {
  return Object.hasOwn(table, code) ? table[code]! : code.replaceAll("_", " ");
}

/** Who did it: "agent:ana" is "ana". */
export function actor(text: string): string {
  const [kind = "", name = ""] = text.split(/:(.*)/s);
  return Object.hasOwn(codes.actors, kind) ? codes.actors[kind as keyof typeof codes.actors](name) : text;
}
