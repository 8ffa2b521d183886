// A spreadsheet runs what begins like a formula (OWASP, “CSV Injection”), whoever wrote it; `workspace/names.py` has the same rule.
const FORMULA = /^(?:\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])/;

const isFormula = (text: string): boolean => FORMULA.test(text.replace(/^'+/, ""));

/** The text as no spreadsheet runs it: with an apostrophe before a formula, and before the apostrophes of such. */
export const toCell = (text: string): string => (isFormula(text) ? `'${text}` : text);

/** The text that was put into a cell. */
export const fromCell = (cell: string): string => (cell.startsWith("'") && isFormula(cell) ? cell.slice(1) : cell);
