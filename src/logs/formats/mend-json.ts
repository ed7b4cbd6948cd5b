/**
 * Quotes what JSON templates of nginx leave unquoted: lists (`"upstream_status": 502, 200`), addresses, bare dashes and
 * nothing at all (`"upstream_status": ,`). A bare value goes up to the next key or the end of its object. What stands
 * in strings is left alone, and the work is linear in the line.
 */
export function mendJson(line: string): string {
  const parts: string[] = [];
  const quote = finder(line, '"');
  const brace = finder(line, "}");
  const colon = finder(line, ":");
  let taken = 0;
  for (let at = 0; at < line.length;) {
    const string = quote(at);
    const value = colon(at);
    if (value === -1) break;
    if (string !== -1 && string < value) {
      at = endOfString(line, string);
      continue;
    }
    const from = value + 1;
    const next = quote(from);
    const close = brace(from);
    const stop = next === -1 || (close !== -1 && close < next) ? close : next;
    if (stop === -1) break;
    const bare = line.slice(from, stop);
    if (isBare(bare, stop === close)) {
      parts.push(line.slice(taken, from), mended(bare));
      taken = stop;
    }
    at = stop === close ? stop + 1 : stop;
  }
  return parts.length === 0 ? line : parts.join("") + line.slice(taken);
}

/** Positions of a character, looked for once however often they are asked for; questions must go forward. */
function finder(line: string, character: string): (from: number) => number {
  let found = -2;
  return (from) => {
    if (found === -2 || (found !== -1 && found < from)) found = line.indexOf(character, from);
    return found;
  };
}

function endOfString(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at++) {
    const c = line.charCodeAt(at);
    if (c === 92) at++;
    else if (c === 34) return at + 1;
  }
  return line.length;
}

const known = /^\s*(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)\s*,?\s*$/;

/** Neither a value that JSON knows nor the way to a string, an object or a list. */
function isBare(text: string, endsObject: boolean): boolean {
  if (/^\s*[[{]/.test(text)) return false;
  const trimmed = text.trim();
  if (trimmed === "") return endsObject;
  return !known.test(trimmed);
}

function mended(text: string): string {
  const value = text.trim();
  const more = value.endsWith(",");
  return `${JSON.stringify((more ? value.slice(0, -1) : value).trim())}${more ? "," : ""}`;
}
