/**
 * What looks like a credential in free text: a log line, an event's message, an argument, an annotation.
 * Every expression is bounded, so that no hostile line makes it slow.
 */

export const redacted = "<redacted>";

interface Rule {
  readonly find: RegExp;
  readonly put: string;
}

/** The end of a name whose value is a credential: db_password, x-api-key, clientSecret. */
const word =
  "[\\w.-]{0,40}(?:password|passwd|pwd|secret|token|(?:api|access|secret|private|auth|account)[_-]?key)";

const scheme = "[a-z][a-z0-9+.-]{1,20}://";

/** A value that is no credential: already replaced, a reference, or a switch. */
const noValue = "(?!<redacted>|true\\b|false\\b|null\\b|\\$[({])";

const rules: readonly Rule[] = [
  // PEM blocks; without an end, the lines that can still be of one.
  {
    find: /-----BEGIN [A-Z0-9 ]{1,40}-----(?:[^-]*(?:-(?!----)[^-]*)*-----END [A-Z0-9 ]{1,40}-----|(?:(?:\r?\n|\\n)[ \t]{0,40}[A-Za-z0-9+/]{1,4096}={0,2}){0,2000})/g,
    put: redacted,
  },
  // user:password@ in a URL. The password may hold a slash; then what follows the colon is no port.
  {
    find: new RegExp(
      `(${scheme})[^\\s"'<>@/:[]{0,40}:(?!\\d{1,5}(?:[/?#\\s"'<>,]|$))[^\\s"'<>,]{1,256}@`,
      "gi",
    ),
    put: `$1${redacted}@`,
  },
  { find: new RegExp(`(${scheme})[^\\s"'<>@/?#]{1,256}@`, "gi"), put: `$1${redacted}@` },
  // Authorization and Cookie headers, as a header line, in JSON, or in a configuration.
  {
    find: /\b(authorization\\?["']?\s{0,4}(?:[:=]\s{0,4}\\?["']?|\s\\?["']?(?=(?:bearer|basic)\s))(?:(?:bearer|basic|digest|negotiate|token)\s{1,4})?)(?!<redacted>|(?:bearer|basic|digest|negotiate|token)\s)[^\s"'<>,;\\]{4,4096}/gi,
    put: `$1${redacted}`,
  },
  { find: /\b(bearer(?:\s{1,4}|%20))(?=[^\s]{0,200}\d)[A-Za-z0-9._~+/=-]{12,4096}/gi, put: `$1${redacted}` },
  { find: /\b(basic\s{1,4})[A-Za-z0-9+/]{8,4096}={1,2}/gi, put: `$1${redacted}` },
  {
    find: /\b(cookie\\?["']?\s{0,4}[:=]\s{0,4}\\?["']?)(?!<redacted>)[^\s"'<>;\\]{1,4096}(?:;\s?[^\s"'<>;\\]{1,4096}){0,50}/gi,
    put: `$1${redacted}`,
  },
  // Parameters of a query.
  {
    find: /([?&;](?:(?:access|refresh|id|auth|csrf)_?token|sig|signature|jwt|session(?:_?id)?|auth|x-amz-(?:signature|credential|security-token)|x-goog-(?:signature|credential))=)(?!<redacted>)[^\s&"'<>#;]{1,4096}/gi,
    put: `$1${redacted}`,
  },
  // password=…, token=… in a query, --db-password=…; then "client_secret": "…", password: …
  {
    find: new RegExp(`(\\b${word}\\s{0,2}=\\s{0,2}\\\\?["']?)${noValue}[^\\s"'<>;,&\\\\]{1,4096}`, "gi"),
    put: `$1${redacted}`,
  },
  {
    find: new RegExp(`(\\b${word}\\\\?["']\\s{0,2}:\\s{0,2}\\\\?["'])${noValue}[^"'\\\\]{1,4096}`, "gi"),
    put: `$1${redacted}`,
  },
  {
    find: new RegExp(
      `(\\b[\\w.-]{0,40}passw(?:or)?d:[ \\t]{1,4}["']?)${noValue}(?!["'{|>])[^\\s"'<>,]{1,4096}`,
      "gi",
    ),
    put: `$1${redacted}`,
  },
  // Tokens that say themselves what they are.
  { find: /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{0,4096}/g, put: redacted },
  { find: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g, put: redacted },
  {
    find: /\bgh[pousr]_[A-Za-z0-9]{20,255}\b|\bgithub_pat_\w{20,255}\b|\bglpat-[\w-]{20,255}/g,
    put: redacted,
  },
  {
    find: /\bxox[abprs]-[A-Za-z0-9-]{10,255}|\bAIza[0-9A-Za-z_-]{35}|\b[sr]k_(?:live|test)_\w{16,255}/g,
    put: redacted,
  },
];

/** Every place that a rule can match holds one of these; a cheap first look that is nearly always the last. */
const nominate =
  /-----BEGIN |:\/\/[^\s"'<>]{1,300}@|authorization|bearer|basic\s|cookie|(?:password|passwd|pwd|secret|token|key)\\?["']?\s{0,2}[:=]|[?&;](?:sig|jwt|session|auth|x-amz|x-goog)|eyJ|AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox[abprs]-|AIza|k_(?:live|test)_/gi;

/** The text with every credential in it replaced; host and port of a URL stay. */
export function redactText(text: string): string {
  let out = "";
  let done = 0;
  nominate.lastIndex = 0;
  for (let hit = nominate.exec(text); hit !== null; hit = nominate.exec(text)) {
    const from = Math.max(done, text.lastIndexOf("\n", hit.index) + 1);
    const to = endOfBlock(text, hit.index);
    out += text.slice(done, from) + redactBlock(text.slice(from, to));
    done = to;
    nominate.lastIndex = to;
  }
  return done === 0 ? text : out + text.slice(done);
}

/** The end of the line; while a PEM block is open there, the end of the line that ends it. */
function endOfBlock(text: string, from: number): number {
  let end = lineEnd(text, from);
  for (let searched = from; ;) {
    const open = text.slice(searched, end).lastIndexOf(pemStart);
    if (open < 0) return end;
    const at = searched + open;
    const close = text.slice(at, at + longestPem).indexOf("-----END ");
    end = Math.max(end, lineEnd(text, at + (close < 0 ? pemWithoutEnd : close)));
    searched = close < 0 ? end : at + Math.max(close, pemStart.length);
  }
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", Math.min(from, text.length));
  return end < 0 ? text.length : end;
}

const pemStart = "-----BEGIN ";
/** A private key of 16,384 bits is 13 KB; a chain of certificates is several blocks. */
const longestPem = 32 * 1024;
const pemWithoutEnd = 4 * 1024;

function redactBlock(block: string): string {
  let out = block;
  for (const { find, put } of rules) out = out.replace(find, put);
  return out;
}

/** The same for the bytes of a log, whatever their encoding. */
export function redactBytes(bytes: Uint8Array): Uint8Array {
  // Latin-1 maps every byte to one character and back; the rules are about ASCII.
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("latin1");
  const out = redactText(text);
  return out === text ? bytes : Buffer.from(out, "latin1");
}
