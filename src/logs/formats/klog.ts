import { timeOfDayMs, withoutYearMs } from "../clock.ts";
import type { GatewaySignalKind } from "../traffic.ts";

/** One klog line: `W1120 14:47:01.123456       7 controller.go:1225] text`. */
export interface KlogLine {
  readonly timeMs: number;
  readonly level: "I" | "W" | "E" | "F";
  /** "controller.go:1225". */
  readonly source: string;
  readonly text: string;
}

const grammar = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9})\s+\d+ ([^\s\]]{1,120})\] ?/;

/** klog logs no year: the latest one that does not lie in the future of `nowMs`. */
export function readKlog(line: string, nowMs: number): KlogLine | undefined {
  const m = grammar.exec(line);
  if (m === null) return undefined;
  const [head, level, month, day, time = "", source = ""] = m;
  const timeMs = withoutYearMs(Number(month) - 1, Number(day), timeOfDayMs(time), nowMs);
  return { timeMs, level: level as KlogLine["level"], source, text: unquote(line.slice(head.length)) };
}

/** Structured klog quotes its message: `"Backend successfully reloaded"`. */
const unquote = (text: string): string =>
  text.startsWith('"') ? text.replace(/^"((?:[^"\\]|\\.)*)"/, "$1") : text;

type Rule = readonly [RegExp, GatewaySignalKind];

/**
 * Words of ingress-nginx's controller (internal/ingress/controller/{controller,endpointslices,nginx,status}.go,
 * store/store.go, cmd/nginx/main.go) and of client-go. A first capture group is what the line is about; two are its namespace and its name.
 */
const rules: readonly Rule[] = [
  [/^Service "([^"]+)" does not have any active Endpoint/, "no-active-endpoint"],
  [/^Error (?:obtaining|getting) (?:Endpoints for )?Service "([^"]+)"/, "service-not-found"],
  [/^Error getting default backend "([^"]+)"/, "service-not-found"],
  [/^Service "([^"]+)" of type ExternalName not allowed/, "external-name-refused"],
  [/^Invalid attempt to use localhost name \S+ in "([^"]+)"/, "external-name-refused"],
  [/^Invalid DNS name ([^:\s]+)/, "name-not-resolved"],
  [/^Backend successfully reloaded/, "reload"],
  [/^Unexpected failure reloading the backend/, "reload-failed"],
  [/^Dynamic reconfiguration failed|^Unexpected failure reconfiguring NGINX/, "reconfigure-failed"],
  [/^ignoring ingress (\S+ in (?:namespace )?\S+) (?:based on|different)/, "ingress-ignored"],
  [/^Ignoring ingress because of error while validating ingress class ingress="([^"]+)"/, "ingress-ignored"],
  [/^Ignoring ingress because of error while validating ingress class/, "ingress-ignored"],
  [/^No permissions to list and get Ingress Classes/, "watch-forbidden"],
  [/(?:failed to list|Failed to watch) (\S+?):.* is forbidden/i, "watch-forbidden"],
  [/(?:failed to list|Failed to watch) (\S+?):/i, "watch-failed"],
  [
    /^Received SIGTERM, shutting down|^Stopping NGINX process|^NGINX process has stopped|^Handled quit, delaying/,
    "shutdown",
  ],
  [/^Starting NGINX process|^Starting NGINX Ingress controller/, "started"],
  [/^Error getting SSL certificate "([^"]+)"/, "certificate-problem"],
  [
    /^SSL certificate (?:for server )?"([^"]+)" (?:does not contain|expired|is about to expire)/,
    "certificate-problem",
  ],
  [/^Unexpected error validating SSL certificate "([^"]+)"/, "certificate-problem"],
  [/^Error loading custom default certificate/, "certificate-problem"],
  [/^error reading Ingress annotation.*\bingress="([^"]+)"/, "annotation-problem"],
  [
    /^ingress contains invalid annotation value|^received invalid ingress|^unexpected error merging extracted annotations/,
    "annotation-problem",
  ],
  [
    /^Event\(v1\.ObjectReference\{Kind:"Ingress", Namespace:"([^"]+)", Name:"([^"]+)".{0,600}reason: 'AnnotationParsingFailed'/,
    "annotation-problem",
  ],
  [/^Event\(v1\.ObjectReference\{Kind:"Pod".{0,600}type: 'Warning' reason: 'RELOAD'/, "reload-failed"],
  [/client-side throttling|Throttling request took/, "throttled"],
  [/leaderelection lost|failed to renew lease|stopped leading/i, "leader-lost"],
];

/** What the line says of the gateway, with the Service, Ingress or resource it names. */
export function klogSignal(line: KlogLine): { kind: GatewaySignalKind; about?: string } | undefined {
  for (const [words, kind] of rules) {
    const m = words.exec(line.text);
    if (m === null) continue;
    if (m[1] === undefined) return { kind };
    return { kind, about: m[2] === undefined ? aboutOf(m[1], kind) : `${m[1]}/${m[2]}` };
  }
  return undefined;
}

/** "web in shop" is how one line names Ingress shop/web. */
function aboutOf(text: string, kind: GatewaySignalKind): string {
  const parts = kind === "ingress-ignored" ? /^(\S+) in (?:namespace )?(\S+)$/.exec(text) : null;
  if (parts !== null) return `${parts[2]}/${parts[1]}`;
  return text.startsWith("*v1.") || text.startsWith("*v1") ? text.slice(text.indexOf(".") + 1) : text;
}
