/** Values of YAML's core schema (yaml.org/spec/1.2.2, chapter 10.3), for the part of YAML that tools write. */

/** Thrown when a text leaves the plain part of YAML; the full parser reads it then. */
export class NotPlainYaml extends Error {}

/** The value of an unquoted scalar on one line. */
export function plainValue(text: string): unknown {
  const first = text.charCodeAt(0);
  // Most scalars start with a letter and are no number; the expressions below are asked for the rest.
  const isNumberLike = (first >= 0x30 && first <= 0x39) || first === 0x2b || first === 0x2d || first === 0x2e;
  if (!isNumberLike) return wordValue(text);
  if (/^[-+]?[0-9]+$/.test(text)) return Number(text);
  if (/^0o[0-7]+$/.test(text) || /^0x[0-9a-fA-F]+$/.test(text)) return Number(text);
  if (/^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/.test(text)) return Number(text);
  const special = /^([-+]?)\.(inf|Inf|INF|nan|NaN|NAN)$/.exec(text);
  if (special !== null) throw new NotPlainYaml();
  return text;
}

function wordValue(text: string): unknown {
  switch (text) {
    case "":
    case "~":
    case "null":
    case "Null":
    case "NULL":
      return null;
    case "true":
    case "True":
    case "TRUE":
      return true;
    case "false":
    case "False":
    case "FALSE":
      return false;
    default:
      return text;
  }
}

/** Where a quoted scalar that starts at `from` ends (its closing quote); -1 when it never does. */
export function closingQuote(text: string, from: number): number {
  const quote = text[from];
  for (let at = from + 1; at < text.length; at++) {
    const next = quote === "'" ? text.indexOf("'", at) : endOrEscape(text, at);
    if (next < 0) return -1;
    if (quote === "'") {
      if (text[next + 1] !== "'") return next;
      at = next + 1;
    } else {
      if (text[next] === '"') return next;
      at = next + 1;
    }
  }
  return -1;
}

function endOrEscape(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x5c) return at;
  }
  return -1;
}

export function singleQuoted(raw: string): string {
  return folded(raw).replaceAll("''", "'");
}

const escapes: Readonly<Record<string, string>> = {
  "0": "\0",
  a: "\x07",
  b: "\b",
  t: "\t",
  n: "\n",
  v: "\v",
  f: "\f",
  r: "\r",
  e: "\x1b",
  " ": " ",
  '"': '"',
  "/": "/",
  "\\": "\\",
  N: "\u0085",
  _: "\u00a0",
  L: "\u2028",
  P: "\u2029",
};

export function doubleQuoted(raw: string): string {
  if (!raw.includes("\\")) return folded(raw);
  // A backslash before a line break joins the lines with nothing between them.
  const joined = folded(raw.replace(/(?<=(?:^|[^\\])(?:\\\\){0,100})\\[ \t]*\n[ \t]*/g, "\u0000"));
  return joined
    .replaceAll("\u0000", "")
    .replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^])/g, unescape);
}

function unescape(_: string, what: string): string {
  if (what.length > 1) return String.fromCodePoint(Number.parseInt(what.slice(1), 16));
  const plain = escapes[what];
  if (plain === undefined) throw new NotPlainYaml();
  return plain;
}

const isBlank = (code: number): boolean => code === 0x20 || code === 0x09;

/** Without spaces and tabs at its end. (`trimEnd` takes more than what YAML counts as white space.) */
export function trimmedEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isBlank(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}

function trimmedStart(text: string): string {
  let start = 0;
  while (isBlank(text.charCodeAt(start))) start++;
  return text.slice(start);
}

/** Line folding: one break is a space, each further one a newline; spaces around breaks go. */
function folded(raw: string): string {
  if (!raw.includes("\n")) return raw;
  const lines = raw.split("\n");
  let out = trimmedEnd(lines[0]!);
  let breaks = 0;
  for (let at = 1; at < lines.length; at++) {
    const isLast = at === lines.length - 1;
    const line = isLast ? trimmedStart(lines[at]!) : trimmedStart(trimmedEnd(lines[at]!));
    breaks++;
    if (line === "" && !isLast) continue;
    out += (breaks === 1 ? " " : "\n".repeat(breaks - 1)) + line;
    breaks = 0;
  }
  return out;
}
