/**
 * ingress-nginx writes every path of a host as `~* "^PATH"` once one of its Ingresses uses
 * `use-regex` or `rewrite-target`. Patterns come from strangers, and so may be built to hang
 * a backtracking matcher; those are compared by their literal beginning only.
 */
export function regexMatches(pattern: string, path: string): boolean {
  const compiled = isBounded(pattern) && path.length <= maxPathLength ? compile(pattern) : undefined;
  if (compiled !== undefined) return compiled.test(path);
  const literal = pattern.slice(0, firstSpecial(pattern)).toLowerCase();
  return path.toLowerCase().startsWith(literal);
}

const maxPathLength = 500;
const maxPatternLength = 500;
const maxOpenQuantifiers = 3;

function compile(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^${pattern}`, "i");
  } catch {
    return undefined; // PCRE knows forms that JavaScript does not
  }
}

function firstSpecial(pattern: string): number {
  const at = pattern.search(/[\\^$.|?*+()[\]{}]/);
  return at < 0 ? pattern.length : at;
}

/** No repeated group with a choice or repetition inside, few open-ended repetitions: polynomial at worst. */
function isBounded(pattern: string): boolean {
  if (pattern.length > maxPatternLength) return false;
  const groups: { loose: boolean }[] = [];
  let open = 0;
  const plain = pattern.replaceAll(/\\./g, "x").replaceAll(/\[[^\]]*\]/g, "x");
  for (let i = 0; i < plain.length; i++) {
    const char = plain[i];
    const repeats = /^[*+{]/.test(plain.slice(i + 1));
    if (char === "(") groups.push({ loose: false });
    if (char === "*" || char === "+" || char === "{") open++;
    if (char === "*" || char === "+" || char === "{" || char === "|" || char === "?") {
      for (const group of groups) group.loose = true;
    }
    if (char === ")" && groups.pop()?.loose === true && repeats) return false;
  }
  return open <= maxOpenQuantifiers;
}
