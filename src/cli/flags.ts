/** Every flag once, as data: parsing, help, completion and the README are made from it. */
export interface Flag {
  readonly short?: string;
  /** What stands for the value in help; absent for a switch. */
  readonly value?: string;
  /** May be given several times. */
  readonly isList?: true;
  readonly choices?: readonly string[];
  /** One sentence; the default at its end. */
  readonly text: string;
}

const flag = <const F extends Flag>(f: F): F => f;

export const flags = {
  from: flag({
    value: "PATH",
    text: "Read a support bundle, must-gather, cluster-info dump, why5xx bundle, or a folder of YAML, JSON and logs, instead of a cluster.",
  }),
  "access-log": flag({
    value: "FILE",
    isList: true,
    text: "Add a gateway access log (- for standard input, .gz is read too).",
  }),
  "error-log": flag({ value: "FILE", isList: true, text: "Add a gateway error log." }),
  prometheus: flag({
    value: "URL",
    text: "Ask this Prometheus too (Thanos, Mimir and VictoriaMetrics answer alike): requests, CPU, memory, restarts, endpoints and autoscaling over the window of --since, by default 1h.",
  }),
  "prometheus-token-file": flag({
    value: "FILE",
    text: "The bearer token for it. Default $WHY5XX_PROMETHEUS_TOKEN, when set.",
  }),
  "prometheus-ca": flag({
    value: "FILE",
    text: "Certificates that its own may be signed by, besides the usual ones.",
  }),
  since: flag({
    value: "DURATION",
    text: "How far back logs are read: 30m, 1h, 2d. Default 1h from a cluster, everything from files. For logs also a time: 2026-11-20T14:00Z.",
  }),
  until: flag({ value: "TIME", text: "Leave out what was logged after this time, or this long ago." }),
  format: flag({
    value: "FORMAT",
    text: "How lines are written: auto, a format's name, an nginx log_format string, or a JSON object from nginx variables to keys. Default auto.",
  }),
  host: flag({ value: "HOST", text: "Only requests for this host, where the log names it." }),
  path: flag({ value: "PREFIX", text: "Only requests whose path begins so." }),
  service: flag({ value: "NAME", text: "Only requests sent to this Service: NAME or NAMESPACE/NAME." }),
  status: flag({ value: "CODE", text: "Only requests with this status: 502, or 5xx." }),
  follow: flag({
    short: "f",
    text: "Go on reading as the log grows, with a summary that is kept up to date.",
  }),
  namespace: flag({ short: "n", value: "NAMESPACE", text: "Look in this namespace." }),
  "all-namespaces": flag({ short: "A", text: "Look in every namespace." }),
  context: flag({ value: "CONTEXT", text: "The kubeconfig context to use." }),
  kubeconfig: flag({
    value: "FILE",
    text: "The kubeconfig file to use. Default $KUBECONFIG, then ~/.kube/config.",
  }),
  as: flag({ value: "USER", text: "Act as this user, as in kubectl --as." }),
  timeout: flag({
    value: "DURATION",
    text: "Stop reading the cluster after this long and diagnose what was read. Default 60s.",
  }),
  output: flag({
    short: "o",
    value: "FORMAT",
    text: "What is printed.",
  }),
  apply: flag({
    text: "Make the change: try it at the API server, show what becomes of the object, ask, keep the state before, write it, then verify.",
  }),
  change: flag({ value: "N", text: "The change with this number, instead of the likeliest cause's first." }),
  yes: flag({ short: "y", text: "Do not ask." }),
  rollback: flag({ text: "Take back the last change made with --apply, or the one whose ID is given." }),
  manifests: flag({
    value: "DIR",
    text: "Make the change in the YAML files of this folder; comments and formatting stay as they are.",
  }),
  "no-verify": flag({ text: "Do not send requests after a change." }),
  "connect-to": flag({
    value: "HOST:PORT",
    text: "Where to connect instead of the URL's host: the gateway's address, a port-forward.",
  }),
  url: flag({ value: "URL", text: "Send this request instead of the one that failed most." }),
  method: flag({
    value: "METHOD",
    text: "Send this method. Default: GET or HEAD, whichever failed; others change something.",
  }),
  rps: flag({
    value: "N",
    text: "Requests a second, from 0.1 to 100. Default 10.",
  }),
  for: flag({
    value: "DURATION",
    text: "Stop after this long, if the answer is not clear before. Default 2m.",
  }),
  save: flag({
    value: "OUT",
    text: "Also write what was watched and read as a bundle, to diagnose with --from.",
  }),
  before: flag({
    value: "FAILED/REQUESTS",
    text: "How many of how many failed before, when no gateway log says it: 12/4000.",
  }),
  during: flag({
    value: "ACTION",
    text: 'Do this meanwhile, for failures that come when pods are replaced: "rollout restart deployment/web".',
  }),
  duration: flag({
    value: "DURATION",
    text: "Send for this long, up to 6h. Default 1m; with --during until the rollout is over and the old pods are gone, 5m at most.",
  }),
  idle: flag({
    value: "TIMES",
    text: "Leave connections idle for these times before each request: 5s,60s. Eight at once for the shortest, eight more for each longer; load sends its steady load beside them, verify takes one time and sends nothing else.",
  }),
  header: flag({ value: "HEADER", isList: true, text: 'Send this header too: "Name: value".' }),
  "max-5xx": flag({
    value: "N|SHARE",
    text: "Exit with 1 when more fail, as a count or a share: 0, 0.1%. No answer counts as a failure. Default 0.",
  }),
  "max-p99": flag({
    value: "DURATION",
    text: "Exit with 1 when one in a hundred takes longer, counted from when it was due: 800ms.",
  }),
  "max-time": flag({ value: "DURATION", text: "Give a request up after this long. Default 75s." }),
  "no-cluster": flag({ text: "Ask only what the URL leads to: no cluster is read." }),
  k6: flag({ text: "Send nothing: print a k6 script that does the same." }),
  verified: flag({ value: "FILE", text: "Add this result: what verify -o json printed after the fix." }),
  escalation: flag({
    value: "FILE",
    text: "Who is called and when: severity, timeBox, channel, contacts. Default the key escalation of .why5xx.yaml, or of why5xx/config.yaml in $XDG_CONFIG_HOME.",
  }),
  insecure: flag({ text: "Take a certificate that does not hold." }),
  "fail-on": flag({
    value: "SEVERITY",
    choices: ["error", "warning", "note", "never"],
    text: "Exit with 1 from this severity on: error, warning, note or never. Default warning.",
  }),
  fix: flag({
    text: "Make the safe changes in the manifests; comments and formatting stay. What is left is printed.",
  }),
  baseline: flag({ value: "FILE", text: "Leave out what was found when this file was written." }),
  "write-baseline": flag({ value: "FILE", text: "Write what is found to a baseline file, and exit with 0." }),
  config: flag({
    value: "FILE",
    text: "Where it is written which findings do not matter, and why. Default .why5xx.yaml, when there is one.",
  }),
  controller: flag({
    value: "NAMES",
    text: "Whose metrics rules read: ingress-nginx, haproxy, traefik, contour, envoy-gateway, istio, kong, nginx-ingress, several with commas between, none for pods alone, or auto to look in the cluster. Default auto.",
  }),
  slo: flag({ value: "PERCENT", text: "How many percent of the requests are to succeed. Default 99.9." }),
  "runbook-url": flag({
    value: "URL",
    text: "Where the pages of docs/causes are; each alert then links to its page.",
  }),
  dashboard: flag({ text: "Print a Grafana dashboard instead of rules." }),
  gateway: flag({
    value: "GATEWAY",
    choices: ["nginx", "haproxy"],
    text: "The lab's gateway: nginx or haproxy. Default nginx.",
  }),
  seed: flag({ value: "N", text: "What the run varies with: names, counts, times, noise. Default 1." }),
  seeds: flag({ value: "N", text: "Run each fault with this many seeds, from --seed on. Default 1." }),
  faults: flag({ value: "IDS", text: "Only these faults, with commas between. Default all." }),
  metrics: flag({ text: "Also run a Prometheus that scrapes the lab, and print its address." }),
  wrong: flag({ text: "Restart the pods first, which mends nothing, to see that verify is not taken in." }),
  keep: flag({ value: "DIR", text: "Keep every run in this folder, for lab score --from DIR." }),
  parallel: flag({ value: "N", text: "Labs that run at once. Default 1." }),
  verbose: flag({
    short: "v",
    text: "Fold nothing away in the report, and tell progress on standard error.",
  }),
  "no-color": flag({ text: "No colours; NO_COLOR and FORCE_COLOR are followed too." }),
  debug: flag({ text: "Print the stack of an internal error." }),
  help: flag({ short: "h", text: "Show help." }),
  version: flag({ text: "Print the version." }),
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagName = keyof typeof flags;

type ValueOf<F extends Flag> = F extends { isList: true }
  ? readonly string[]
  : F extends { value: string }
    ? string
    : true;

/** What was typed, by the flag's long name; a flag that was not given is not there. */
export type FlagValues = { readonly [N in FlagName]?: ValueOf<(typeof flags)[N]> };

export const flagNames = Object.keys(flags) as FlagName[];

/** "-n, --namespace NAMESPACE". */
export function flagText(name: FlagName, { short, value }: Flag): string {
  return `${short === undefined ? "" : `-${short}, `}--${name}${value === undefined ? "" : ` ${value}`}`;
}

/** What -o may be: "text, json or patch", the first one being the default. */
export function printedAs<const C extends readonly [string, ...string[]]>(
  ...choices: C
): { readonly choices: C; readonly text: string } {
  const [first] = choices;
  const last = choices.length > 1 ? ` or ${choices.at(-1)}` : "";
  return { choices, text: `What is printed: ${choices.slice(0, -1).join(", ")}${last}. Default ${first}.` };
}

/** Flags that every command takes. */
export const commonFlags: readonly FlagName[] = ["no-color", "debug", "help"];

/** What is read instead of a cluster, or beside it. */
export const sourceFlags = ["from", "access-log", "error-log"] as const;

/** Numbers over time beside what is read. */
export const metricFlags = ["prometheus", "prometheus-token-file", "prometheus-ca"] as const;

/** Which cluster, as whom, and how much of it. */
export const connectionFlags = [
  "namespace",
  "all-namespaces",
  "context",
  "kubeconfig",
  "as",
  "timeout",
] as const;

export const clusterFlags = ["since", ...connectionFlags] as const;

/** Which request is sent again, how, and against what it is measured. */
export const requestFlags = [
  "connect-to",
  "url",
  "method",
  "rps",
  "for",
  "before",
  "during",
  "idle",
  "insecure",
] as const;
