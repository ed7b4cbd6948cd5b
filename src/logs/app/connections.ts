import { type AppDetails, type AppRule, type AppTopic, known } from "./app-rule.ts";
import { peerIn } from "./peer.ts";

/** Name resolution; `detail` is nxdomain, timeout, servfail or unknown. */
const dnsRules: readonly AppRule[] = [
  {
    kind: "dns-error",
    words: /\bgetaddrinfo,? (EAI_AGAIN|ENOTFOUND|EAI_\w+) ([\w.-]+)/,
    details: (m) => dns(m[2], m[1] ?? ""),
  },
  {
    kind: "dns-error",
    words: /\blookup ([\w.-]+)(?: on [\d.:[\]a-f]+)?: (.{0,200})/,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words: /\bUnknownHostException:? ?"?([\w.-]+)?(.{0,100})/,
    details: (m) => dns(m[1], m[2] === "" ? "unknown host" : (m[2] ?? "")),
  },
  {
    kind: "dns-error",
    words: /could not translate host name "([^"]+)" to address: (.{0,100})/,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words: /Failed to resolve '([^']+)'(.{0,100})/i,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words: /Unknown MySQL server host '([^']+)'(.{0,40})/,
    details: (m) => dns(m[1], "unknown host"),
  },
  {
    kind: "dns-error",
    words: /Could not resolve host:? ?'?([\w.-]+)/i,
    details: (m) => dns(m[1], "unknown host"),
  },
  {
    kind: "dns-error",
    words: /DNS resolution failed for (?:name:? )?"?([\w.-]+)(.{0,200})/i,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words: /getaddrinfo for ([\w.-]+) failed: (.{0,100})/,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words: /host not found in (?:upstream|resolver) "([^"]+)"/,
    details: (m) => dns(m[1], "unknown host"),
  },
  {
    kind: "dns-error",
    words: /\b([\w.-]+) could not be resolved \((.{0,60})/,
    details: (m) => dns(m[1], m[2] ?? ""),
  },
  {
    kind: "dns-error",
    words:
      /Name or service not known|Temporary failure in name resolution|nodename nor servname|Name does not resolve|no such host|non-existing domain|\bNXDOMAIN\b|name resolution (?:failed|failure)|No address associated with hostname|i\/o timeout.{0,40}:53\b|:53: (?:read|write|i\/o)/i,
    details: (m, text) => dns(nameNear(text), m[0]),
  },
];

function dns(name: string | undefined, words: string): AppDetails {
  return known({ peer: name, detail: dnsDetail(words) });
}

function dnsDetail(words: string): string {
  if (/EAI_AGAIN|timeout|timed out|temporary failure|try again|110:|temporarily/i.test(words))
    return "timeout";
  if (/server misbehaving|servfail|server failure|refused/i.test(words)) return "servfail";
  if (
    /ENOTFOUND|no such host|not known|not found|nxdomain|unknown host|does not resolve|non-existing|no address/i.test(
      words,
    )
  )
    return "nxdomain";
  return "unknown";
}

/** ".NET and Python name the host beside the words: "(orders:80)", "host='orders'". */
function nameNear(text: string): string | undefined {
  const quoted = /host='([\w.-]+)'|connection to ([\w.-]+):\d+|\(([\w.-]+):\d+\)|for host ([\w.-]+)/i.exec(
    text,
  );
  return quoted?.slice(1).find((name) => name !== undefined);
}

const refused = /\bECONNREFUSED\b|connection refused|actively refused|\bConnection to \S+ refused/i;
const timeout =
  /\bE(?:TIMEDOUT|SOCKETTIMEDOUT)\b|\bdial tcp .{0,120}i\/o timeout|connect(?:ion)? ?timed? ?out|connection attempt timed out|Operation timed out|\bRead timed out|\bReadTimeout\w*\b|\bConnectTimeout\w*\b|SocketTimeoutException|\bDEADLINE_EXCEEDED\b|code = DeadlineExceeded|context deadline exceeded|upstream timed out/i;
const reset =
  /\bECONNRESET\b|connection reset by peer|socket hang up|Connection reset\b|\bEPIPE\b|broken pipe|server closed the connection unexpectedly|prematurely closed connection/i;
const unreachable =
  /\bUnableToConnect on \S|\bE(?:HOST|NET)UNREACH\b|no route to host|network is unreachable|host is unreachable|NoRouteToHostException/i;
const general =
  /could not connect to server|Can't connect to MySQL server|failed to connect to all addresses|Communications link failure|It was not possible to connect to the redis server|No connection established|ServerSelectionError|\bError connecting to \w+|unable to connect to \w+/i;

/** Connections that the application itself opens; `detail` is refused, timeout, reset or unreachable. */
const connectRules: readonly AppRule[] = [
  {
    kind: "connect-error",
    words: refused,
    details: (_, text) => known({ peer: peerIn(text), detail: "refused" }),
  },
  {
    kind: "connect-error",
    words: unreachable,
    details: (_, text) => known({ peer: peerIn(text), detail: "unreachable" }),
  },
  {
    kind: "connect-error",
    words: timeout,
    details: (_, text) => known({ peer: peerIn(text), detail: "timeout" }),
  },
  {
    kind: "connect-error",
    words: reset,
    details: (_, text) => known({ peer: peerIn(text), detail: "reset" }),
  },
  { kind: "connect-error", words: general, details: (_, text) => known({ peer: peerIn(text) }) },
];

export const dnsTopic: AppTopic = {
  stems: [
    "getaddrinfo",
    "lookup",
    "unknownhost",
    "host name",
    "resolve",
    "resolution",
    "mysql server host",
    "host not found",
    "not known",
    "servname",
    "no such host",
    "domain",
    "no address",
    ":53: ",
    "i/o timeout",
  ],
  rules: dnsRules,
};
export const connectTopic: AppTopic = {
  stems: [
    "refused",
    "timeout",
    "timed out",
    "timedout",
    "deadline",
    "reset",
    "EPIPE",
    "broken pipe",
    "hang up",
    "closed the",
    "closed conn",
    "unreach",
    "no route",
    "connect",
    "addresses",
    "link failure",
    "redis server",
    "no connection",
    "ServerSelection",
  ],
  rules: connectRules,
};
