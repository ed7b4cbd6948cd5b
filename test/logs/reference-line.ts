/**
 * Reads one line of a log slowly: one regular expression per format, written from the formats' documents, with nothing
 * shared with what is tested. It knows what the generators of the tests make, and calls the rest unknown.
 */
export type ReferenceLine =
  | { readonly kind: "error" | "other" | "unknown" }
  | {
      readonly kind: "access";
      readonly status: string;
      readonly endMs: number;
      /** "" where the format has none. */
      readonly upstreamName: string;
      readonly attempts: readonly {
        readonly address: string;
        readonly failure: string;
        readonly left: boolean;
      }[];
      /** Class of a failed request that no attempt explains; "" otherwise. */
      readonly failure: string;
    };

export function readSlowly(line: string): ReferenceLine {
  if (/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d \[\w+\] /.test(line)) return { kind: "error" };
  if (/^[IWEF]\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ \S+:\d+\] /.test(line)) return { kind: "other" };
  return (
    ofIngress(line) ?? ofCombined(line) ?? ofJson(line) ?? ofAlb(line) ?? ofEnvoy(line) ?? { kind: "unknown" }
  );
}

const local = String.raw`\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d):(\d\d):(\d\d) \+0000\]`;
const quoted = '"([^"]*)"';
const ingress = new RegExp(
  String.raw`^(\S+) - (?:\[\S+\] - )?(.*?) ${local} ${quoted} (\d{3}) (\d+) ${quoted} ${quoted} (\d+) ([\d.]+) \[([^\]]*)\] (?:\[([^\]]*)\] )?(.*)$`,
);
const combined = new RegExp(String.raw`^(\S+) - (\S+) ${local} ${quoted} (\d{3}) (\d+) ${quoted} ${quoted}$`);
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

const localMs = (m: readonly (string | undefined)[], at: number): number =>
  Date.parse(
    `${m[at + 2]}-${String(months.indexOf(m[at + 1] ?? "") + 1).padStart(2, "0")}-${m[at]}T${m[at + 3]}:${m[at + 4]}:${m[at + 5]}Z`,
  );

interface Try {
  readonly address: string;
  readonly length: string | undefined;
  readonly time: string;
  readonly status: string;
}

function ofIngress(line: string): ReferenceLine | undefined {
  const m = ingress.exec(line);
  if (m === null) return undefined;
  const tries = columns(m[18] ?? "");
  if (tries === undefined) return undefined;
  const [, , , , , , , , , request = "", status = "", body, , , , , upstream = "", canary = ""] = m;
  const name = canary !== "" && canary !== "-" ? canary : upstream === "-" ? "" : upstream;
  return ofNginx(status, request, Number(body), localMs(m, 3), name, tries);
}

/** Four lists and a request id: the first list's separators say how many words each has. */
function columns(rest: string): Try[] | undefined {
  const words = rest.split(" ");
  const lists: string[][] = [];
  let at = 0;
  for (let i = 0; i < 4; i++) {
    const list: string[] = [];
    const most = i === 3 ? (lists[2]?.length ?? 0) : 1000;
    for (;;) {
      const word = words[at++];
      if (word === undefined) return undefined;
      list.push(word.replace(/,$/, ""));
      if (list.length >= most) break;
      if (word.endsWith(",")) continue;
      if (words[at] !== ":") break;
      at++;
    }
    lists.push(list);
  }
  if (words[at] === undefined) return undefined;
  const [addresses = [], lengths = [], times = [], statuses = []] = lists;
  if ([addresses, times, statuses].every((list) => list.join("") === "-")) return [];
  return addresses.map((address, i) => ({
    address,
    length: lengths[i],
    time: times[i] ?? "-",
    status: statuses[i] ?? "-",
  }));
}

function ofNginx(
  status: string,
  request: string,
  body: number,
  endMs: number,
  upstreamName: string,
  tries: readonly Try[],
): ReferenceLine {
  const head = request.startsWith("HEAD ");
  const attempts = tries.map((one, i) => {
    const failure = classOfTry(one, { status, head, body, isLast: i === tries.length - 1 });
    return { address: one.address, failure, left: one.status === "-" && failure === "" };
  });
  const fails =
    ["502", "503", "504", "009"].includes(status) ||
    (status === "500" && tries.every((one) => one.status === "-"));
  const told = attempts.some(({ failure }) => failure !== "");
  return {
    kind: "access",
    status,
    endMs,
    upstreamName,
    attempts,
    failure: fails && !told ? classOfNoTry(status, head, body) : "",
  };
}

function classOfTry(one: Try, of: { status: string; head: boolean; body: number; isLast: boolean }): string {
  const isPeer = /:\d+$|^unix:/.test(one.address);
  if (of.status === "009" && of.isLast) return "bad-response";
  if (one.status === "-") return !isPeer && one.address !== "-" && of.status === "502" ? "no-endpoint" : "";
  if (one.status === "503") return "app-status";
  if (one.status !== "502" && one.status !== "504") return "";
  const isOwn = of.isLast && one.status === of.status && !of.head;
  if (Number(one.length) > 0 || (isOwn && one.length === "0" && of.body === 0)) return "app-status";
  if (isOwn && !(Number(one.length) >= 0) && of.body > 0 && !isPage(of.status, of.body)) return "app-status";
  if (!isPeer && one.address !== "-") return "no-endpoint";
  if (one.status === "502") return "unclassified";
  const seconds = Number(one.time);
  if (seconds >= 4.99 && seconds <= 5.25) return "connect-timeout";
  return seconds >= 59.99 && seconds <= 61.2 ? "response-timeout" : "unclassified";
}

const pages: Readonly<Record<string, readonly number[]>> = {
  500: [170, 572],
  502: [150, 552],
  503: [190, 592],
  504: [160, 562],
};
const isPage = (status: string, body: number): boolean =>
  (pages[status] ?? []).some((size) => body >= size && body <= size + 20);

function classOfNoTry(status: string, head: boolean, body: number): string {
  if (status === "502") return "no-endpoint";
  if (status !== "503") return "unclassified";
  return head || body === 0 || isPage(status, body) ? "no-endpoint" : "config-answer";
}

function ofCombined(line: string): ReferenceLine | undefined {
  const m = combined.exec(line);
  if (m === null) return undefined;
  const status = m[10] ?? "";
  const fails =
    ["502", "503", "504", "009"].includes(status) || (status === "500" && isPage(status, Number(m[11])));
  const failure = fails ? "unclassified" : "";
  return { kind: "access", status, endMs: localMs(m, 3), upstreamName: "", attempts: [], failure };
}

function parsed(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function ofJson(line: string): ReferenceLine | undefined {
  const entry = line.startsWith("{") ? parsed(line) : undefined;
  if (typeof entry?.["uri"] !== "string" || typeof entry["status"] !== "string") return undefined;
  const list = (key: string): string[] => String(entry[key]).split(/, | : /);
  const [addresses, statuses, times] = [
    list("upstream_addr"),
    list("upstream_status"),
    list("upstream_response_time"),
  ];
  const tries =
    entry["upstream_addr"] === ""
      ? []
      : addresses.map((address, i) => ({
          address,
          length: undefined,
          time: times[i] ?? "-",
          status: statuses[i] ?? "-",
        }));
  const endMs = Date.parse(String(entry["ts"]));
  return ofNginx(
    entry["status"],
    String(entry["method"]),
    0,
    endMs,
    String(entry["proxy_upstream_name"]),
    tries,
  );
}

const alb =
  /^(?:https?|h2|grpcs|wss?) (\S+) app\/\S+ \S+ (\S+) (\S+) (\S+) (\S+) (\d{3}) (\S+) \d+ \d+ "[^"]*" "[^"]*" .*? \d+ (\d{4}-\S+) "([^"]*)"/;

function ofAlb(line: string): ReferenceLine | undefined {
  const m = alb.exec(line);
  if (m === null) return undefined;
  const [, time = "", target = "", before = "", , , status = "", own = "", created = ""] = m;
  const elapsed = (Date.parse(time) - Date.parse(created)) / 1000;
  let failure = "";
  if (["502", "503", "504"].includes(status)) {
    if (own !== "-") failure = own === status ? "app-status" : "bad-response";
    else if (status === "503") failure = target === "-" ? "no-endpoint" : "unclassified";
    else if (elapsed >= 9.9 && elapsed <= 10.6)
      failure = status === "504" ? "connect-timeout" : "unclassified";
    else if (status === "504")
      failure = elapsed >= 1 || before !== "-1" ? "response-timeout" : "unclassified";
    else failure = elapsed >= 1 && before !== "-1" ? "closed-before-header" : "unclassified";
  }
  const left = status === "460";
  const attempts = target === "-" ? [] : [{ address: target, failure, left }];
  return {
    kind: "access",
    status,
    endMs: Date.parse(time),
    upstreamName: "",
    attempts,
    failure: target === "-" ? failure : "",
  };
}

const envoy =
  /^\[(\S+Z)\] "(?:[^"]*)" (\d{1,3}) (\S+) \d+ \d+ (\d+) (\S+) "[^"]*" "[^"]*" "[^"]*" "[^"]*" "([^"]*)"$/;

const flags: Readonly<Record<string, string>> = {
  UH: "no-endpoint",
  UT: "response-timeout",
  UC: "closed-before-header",
  UO: "local-resource",
};

/** Envoy's default text: only flags whose class the flag alone decides. */
function ofEnvoy(line: string): ReferenceLine | undefined {
  const m = envoy.exec(line);
  if (m === null) return undefined;
  const [, time = "", code = "", flag = "", duration = "", service = "", host = ""] = m;
  const answered = service !== "-";
  const failure = answered ? (/^50[234]$/.test(code) ? "app-status" : "") : (flags[flag] ?? "");
  const attempts = host === "-" ? [] : [{ address: host, failure, left: flag === "DC" }];
  const endMs = Date.parse(time) + Number(duration);
  return {
    kind: "access",
    status: String(Number(code)),
    endMs,
    upstreamName: "",
    attempts,
    failure: host === "-" ? failure : "",
  };
}
