/** Readers of written values. Each gives undefined for what its gateway would not accept. */

/** A whole number as Go's strconv.Atoi takes it: no unit, no blanks, no fraction. */
export function wholeNumber(text: string): number | undefined {
  return /^[+-]?\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** A whole number of seconds in milliseconds; "60s" is not one. */
export function wholeSeconds(text: string): number | undefined {
  const seconds = wholeNumber(text);
  return seconds === undefined ? undefined : seconds * 1000;
}

const nginxUnitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  "": 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};

/** nginx time in milliseconds: "60", "60s", "1m 30s", "500ms"; a bare number is seconds (nginx src/core/ngx_parse.c). */
export function nginxTime(text: string): number | undefined {
  return sumOfTerms(text.trim(), /(\d+)(ms|[smhdwMy]|)(?!\d)\s*/gy);
}

/** Sums "number unit" terms that have to fill the text; a sticky pattern keeps hostile text linear. */
function sumOfTerms(text: string, term: RegExp): number | undefined {
  const terms = [...text.matchAll(term)];
  const length = terms.reduce((sum, [whole]) => sum + whole.length, 0);
  if (text === "" || length !== text.length) return undefined;
  const sum = terms.reduce((total, [, n, unit]) => total + Number(n) * (nginxUnitMs[unit ?? ""] ?? 0), 0);
  return Number.isFinite(sum) ? sum : undefined;
}

/** HAProxy time in milliseconds: a bare number is milliseconds. */
export function haproxyTime(text: string): number | undefined {
  const match = /^(\d{1,15})(us|ms|s|m|h|d)?$/.exec(text.trim());
  if (match === null) return undefined;
  return match[2] === "us"
    ? Number(match[1]) / 1000
    : Number(match[1]) * (nginxUnitMs[match[2] ?? "ms"] ?? 1);
}

/** Go duration in milliseconds ("1m30s", "500ms"); a bare number is seconds, as Traefik reads its flags. */
export function goDuration(text: string): number | undefined {
  if (/^\d{1,15}$/.test(text)) return Number(text) * 1000;
  return sumOfTerms(text, /(\d+(?:\.\d+)?)(ms|s|m|h)/gy);
}

const sizeUnits: Readonly<Record<string, number>> = { "": 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** nginx size in bytes: "8k", "1m", "4096". */
export function nginxSize(text: string): number | undefined {
  const match = /^(\d{1,12})([bkmg]?)$/i.exec(text.trim());
  return match === null ? undefined : Number(match[1]) * (sizeUnits[(match[2] ?? "").toLowerCase()] ?? 1);
}

/** What Go's strconv.ParseBool takes. */
export function goBool(text: string): boolean | undefined {
  if (["1", "t", "T", "true", "TRUE", "True"].includes(text)) return true;
  return ["0", "f", "F", "false", "FALSE", "False"].includes(text) ? false : undefined;
}

/** Status codes of a comma-separated list that ingress-nginx intercepts: 300 to 599. */
export function statusCodes(text: string): readonly number[] {
  return text
    .split(",")
    .map((code) => wholeNumber(code.trim()) ?? 0)
    .filter((code) => code > 299 && code < 600);
}
