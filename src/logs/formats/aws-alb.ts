import {
  type AccessFields,
  type AccessFormat,
  type AttemptFields,
  type Glance,
  splitRequest,
} from "./access-line.ts";
import { glanceAlb } from "./aws-alb-glance.ts";
import { type AlbOutcome, meaningOfAlb } from "./aws-alb-meaning.ts";
import { glanceFields } from "./glance-fields.ts";
import { quotedTokens } from "./aws-tokens.ts";
import { bareAddress, optional, splitUrl } from "./json-values.ts";
import { isoTimeMs } from "./iso-time.ts";
import { integer, seconds } from "./upstream-lists.ts";

/**
 * Access log of AWS's Application Load Balancer, field by field as "Access logs for your Application Load Balancer" of the
 * Elastic Load Balancing guide lists them: 29 fields at first, 30 with conn_trace_id, 33 with the transformed request, 34
 * with a node's address; more at the end are let be. `time` is when the answer was made (a WebSocket's: its close), so it is
 * the end, and the duration is what lies between it and `request_creation_time`: the three processing times are -1
 * exactly where a failure took time.
 */
export const awsAlb: AccessFormat = { name: "aws-alb", hop: "load-balancer", read, glance };

const types: ReadonlySet<string> = new Set(["http", "https", "h2", "grpcs", "ws", "wss"]);

function isType(line: string): boolean {
  const end = line.indexOf(" ");
  return end >= 2 && end <= 5 && types.has(line.slice(0, end));
}

/** Positions of fields, from 0. */
const at = {
  time: 1,
  client: 3,
  target: 4,
  requestTime: 5,
  targetTime: 6,
  responseTime: 7,
  status: 8,
  targetStatus: 9,
  received: 10,
  sent: 11,
  request: 12,
  agent: 13,
  targetGroup: 16,
  trace: 17,
  domain: 18,
  created: 21,
  actions: 22,
  reason: 24,
} as const;

/** Lines with fewer were cut. */
const fewestFields = 29;

function read(line: string): AccessFields | undefined {
  if (!isType(line)) return undefined;
  const tokens = quotedTokens(line, 40);
  if (tokens.length < fewestFields) return undefined;
  const field = (position: number): string => tokens[position] ?? "";
  const endMs = isoTimeMs(field(at.time));
  const status = integer(field(at.status));
  if (Number.isNaN(endMs) || status === undefined || field(at.status).length !== 3) return undefined;
  const durationMs = elapsedMs(endMs, tokens);
  const { method, path } = splitRequest(field(at.request));
  const meaning = meaningOfAlb(outcomeOf(tokens, status, durationMs));
  return {
    endMs,
    exact: true,
    ...optional("durationMs", durationMs),
    method: method === "-" ? "" : method,
    path: path === "-" ? "" : path,
    request: field(at.request),
    ...optional("host", hostOf(tokens)),
    status,
    bodyBytes: integer(field(at.sent)) ?? 0,
    ...optional("requestBytes", integer(field(at.received))),
    client: bareAddress(field(at.client)),
    ...optional("userAgent", set(field(at.agent))),
    ...optional("requestId", set(field(at.trace))),
    ...optional("upstreamName", groupOf(field(at.targetGroup))),
    attempts: attemptsOf(tokens, durationMs, meaning),
    logsUpstream: true,
    ...meaning,
    hop: "load-balancer",
  };
}

function glance(line: string, out: Glance): "plain" | "look" | "other" {
  if (!isType(line)) return "other";
  if (glanceAlb(line, out)) return "plain";
  const fields = read(line);
  return fields === undefined ? "other" : glanceFields(fields, out);
}

const set = (value: string): string | undefined => (value === "" || value === "-" ? undefined : value);

/** -1 is what the load balancer writes for a time that it does not have. */
const timeMs = (text: string | undefined): number | undefined => seconds(text);

function elapsedMs(endMs: number, tokens: readonly string[]): number | undefined {
  const createdMs = isoTimeMs(tokens[at.created] ?? "");
  if (!Number.isNaN(createdMs) && createdMs <= endMs) return endMs - createdMs;
  const parts = [at.requestTime, at.targetTime, at.responseTime].map((position) => timeMs(tokens[position]));
  if (parts.some((part) => part === undefined)) return undefined;
  return parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}

function outcomeOf(tokens: readonly string[], status: number, durationMs: number | undefined): AlbOutcome {
  return {
    status,
    targetStatus: set(tokens[at.targetStatus] ?? ""),
    target: set(tokens[at.target] ?? ""),
    elapsedMs: durationMs,
    wasSent: timeMs(tokens[at.requestTime]) !== undefined,
    actions: tokens[at.actions] ?? "",
    errorReason: set(tokens[at.reason] ?? ""),
  };
}

function attemptsOf(
  tokens: readonly string[],
  durationMs: number | undefined,
  meaning: ReturnType<typeof meaningOfAlb>,
): AttemptFields[] {
  const address = set(tokens[at.target] ?? "");
  if (address === undefined) return [];
  const attempt: AttemptFields = { address, group: 0 };
  const targetStatus = integer(tokens[at.targetStatus]);
  if (targetStatus !== undefined) attempt.status = targetStatus;
  const spentMs = timeMs(tokens[at.targetTime]) ?? durationMs;
  if (spentMs !== undefined) attempt.durationMs = spentMs;
  if (meaning.failure !== undefined) attempt.failure = meaning.failure;
  if (meaning.message !== undefined) attempt.message = meaning.message;
  return [attempt];
}

/** The host that was asked for; the name in the certificate's handshake where the request is not a URL. */
function hostOf(tokens: readonly string[]): string | undefined {
  const url = splitUrl((tokens[at.request] ?? "").split(" ", 2)[1] ?? "");
  const host = url === undefined || url.host.startsWith("-") ? set(tokens[at.domain] ?? "") : url.host;
  // A request that was no HTTP is logged as "- http://shop.example:80- -".
  return host?.replace(/:\d{1,5}-?$/, "");
}

/** "arn:aws:elasticloadbalancing:REGION:ACCOUNT:targetgroup/NAME/ID" → NAME, which is cut and hashed, so no Service's name. */
function groupOf(arn: string): string | undefined {
  const from = arn.indexOf(":targetgroup/");
  return from === -1 ? undefined : arn.slice(from + 13).split("/", 1)[0];
}
