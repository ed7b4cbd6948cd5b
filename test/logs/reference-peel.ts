/** Takes wrappers off a log slowly, line by line: what the tests' samples of wrappers put around one line, and no more. */
export function peelSlowly(text: string): string[] {
  const open = new Map<string, string>();
  const lines: string[] = [];
  for (const raw of text.split(/\r?\n/)) {
    const part = /^[\d:.TZ-]+ (stdout|stderr) ([PF]) (.*)$/.exec(raw);
    if (part === null) {
      lines.push(peelLine(raw));
      continue;
    }
    const [, stream = "", tag = "", piece = ""] = part;
    const whole = (open.get(stream) ?? "") + piece;
    if (tag === "P") open.set(stream, whole);
    else {
      open.delete(stream);
      lines.push(whole);
    }
  }
  return [...lines, ...open.values()].filter((line) => line !== "");
}

const iso = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const pod = "ingress-nginx-controller-7d9f8b6c5d-x2x9z";

/** In the order in which they are tried; each may be around the next. */
const prefixes: readonly RegExp[] = [
  new RegExp(`^\\u001b\\[92m${pod}\\u001b\\[0m \\u001b\\[34mcontroller\\u001b\\[0m `),
  new RegExp(`^(?:ingress-nginx )?${pod} controller (?:11-20 14:47:01 )?`),
  /^gateway-0 proxy /,
  /^\[pod\/[^\]]+\] /,
  new RegExp(`^${iso} \\{[^{}]*\\} +`),
  new RegExp(`^${iso} \\S+\\.log `),
  new RegExp(`^(?:\\d{13}\\t)?\\d{4}-\\d\\d-\\d\\d[T ][\\d:.]+Z?\\t(?!kubernetes)`),
  /^\d{4}-\d\d-\d\d[T ]\S+(?: \+0000)?[\t ]kubernetes\S+?:?[\t ](?=\{)/,
  /^(?:<\d+>)?Nov 20 14:47:01\.250 node-3 nginx(?:\[11\])?: /,
  new RegExp(`^${iso} node-3 nginx\\[11\\]: `),
  new RegExp(`^<134>1 ${iso} node-3 nginx 11 - - `),
  new RegExp(`^${iso} (?:std(?:out|err) F )?`),
];

function peelLine(raw: string): string {
  let line = raw;
  for (let again = true; again;) {
    again = false;
    const inner = innerOf(line);
    if (inner !== undefined) {
      line = inner;
      again = true;
      continue;
    }
    for (const prefix of prefixes) {
      const rest = line.replace(prefix, "");
      again ||= rest !== line;
      line = rest;
    }
  }
  return line;
}

function innerOf(line: string): string | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const entry = JSON.parse(line) as Record<string, unknown>;
    const source = entry["_source"] as Record<string, unknown> | undefined;
    const text =
      source?.["message"] ??
      ["log", "message", "line", "textPayload", "MESSAGE"]
        .map((key) => entry[key])
        .find((value) => typeof value === "string");
    return typeof text === "string" ? text.replace(/\n$/, "") : undefined;
  } catch {
    return undefined;
  }
}
