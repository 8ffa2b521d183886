import { choose, language } from "./basic";
import { codes as enCodes } from "./en/codes";
import { more as en } from "./en/more";

export { choose, language, word } from "./basic";

/** The words of both pages, and of the engine's codes. A language: a folder beside `en`, and its name wherever `choose` is asked. */
export const t = choose(language, { en });
export const codes = choose(language, { en: enCodes });

/** Who did it: "agent:ana" is "ana". */
export function actor(text: string): string {
  const [kind = "", name = ""] = text.split(/:(.*)/s);
  return Object.hasOwn(codes.actors, kind) ? codes.actors[kind as keyof typeof codes.actors](name) : text;
}
