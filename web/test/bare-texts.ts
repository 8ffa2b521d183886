// Finds words among a component's elements, in what esbuild makes of its JSX: `jsx("p", { children: "Hello" })`.

const READ_OUT = new Set(["children", "title", "label", "name", "placeholder", "alt", "aria-label", "aria-valuetext", "aria-description"]);
// A string, a comment, a template without its holes, a name, or a single sign.
const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|`(?:[^`\\]|\\.)*`|[\w$]+|\?\.|\?\?|&&|\|\||[^\s]/g;
const BEFORE_A_TEXT = new Set(["[", ",", "?", ":", "&&", "||", "??", ""]);
const HAS_WORD = /\p{L}{2}/u;

interface Level {
  /** The sign that opened it. */
  opened: string;
  /** Is it the value of something that is read, or a list of such? */
  isRead: boolean;
  /** In an object: the property whose value is being read. */
  key: string;
  /** Questions (`a ? b : c`) whose colon is still to come. */
  asked: number;
}

/** The texts, in their order. A `name` of one plain word is a form element's and not read. */
export function bareTexts(code: string): string[] {
  const found: string[] = [];
  const levels: Level[] = [{ opened: "", isRead: false, key: "", asked: 0 }];
  let before = "";
  let name = ""; // the last name or string: a colon makes it a property
  for (const [token] of code.matchAll(TOKEN)) {
    if (token.startsWith("//") || token.startsWith("/*")) continue;
    const level = levels.at(-1)!;
    const isValue = READ_OUT.has(level.key) || level.isRead;
    if (/^["'`]/.test(token)) {
      const text = token.slice(1, -1).replace(/\$\{[^}]*\}/g, "");
      if (isValue && level.opened !== "(" && BEFORE_A_TEXT.has(before) && HAS_WORD.test(text) && !(level.key === "name" && /^[\w-]+$/.test(text))) found.push(text);
      name = text;
    } else if (token === "(" || token === "[" || token === "{") {
      levels.push({ opened: token, isRead: token === "[" && isValue && BEFORE_A_TEXT.has(before), key: "", asked: 0 });
    } else if (token === ")" || token === "]" || token === "}") {
      levels.pop();
    } else if (token === "?") {
      level.asked++;
    } else if (token === ":" && level.asked > 0) {
      level.asked--;
    } else if (token === ":" && level.opened === "{" && (before === name || before === "string")) {
      level.key = name;
    } else if (token === "," && level.opened === "{") {
      level.key = "";
    } else if (/^[\w$]/.test(token)) {
      name = token;
    }
    before = /^["'`]/.test(token) ? "string" : token;
  }
  return found;
}
