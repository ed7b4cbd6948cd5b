import type { LogHop } from "../traffic.ts";
import type { AccessFields, AttemptFields } from "./access-line.ts";
import { originForm } from "./access-line.ts";
import { type EnvoyMeaning, type EnvoyOutcome, meaningOfEnvoy } from "./envoy-meaning.ts";
import { bareAddress } from "./json-values.ts";

/** One Envoy line, text or JSON, by operator; empty strings for what was "-", null or not logged. */
export interface EnvoyLine extends EnvoyOutcome {
  readonly format: string;
  /** `%START_TIME%`: when the first byte of the request came. */
  readonly startMs: number;
  readonly exact: boolean;
  readonly method: string;
  readonly path: string;
  readonly protocol: string;
  readonly bytesReceived: number | undefined;
  readonly forwardedFor: string;
  readonly userAgent: string;
  readonly requestId: string;
  readonly authority: string;
  readonly cluster: string;
  readonly downstreamRemote: string;
  /** `%UPSTREAM_REQUEST_ATTEMPT_COUNT%`, where it was added. */
  readonly attemptCount?: number | undefined;
}

/** The line names one attempt only, the last. `%DURATION%` is from the start to the last byte sent. */
export function envoyFields(line: EnvoyLine): AccessFields {
  const meaning = meaningOfEnvoy(line);
  const fields: AccessFields = {
    endMs: line.startMs + (line.durationMs ?? 0),
    exact: line.exact,
    method: line.method,
    path: originForm(line.path),
    request: requestOf(line),
    status: line.status,
    bodyBytes: line.bytesSent,
    client: clientOf(line),
    attempts: attemptsOf(line, meaning),
    logsUpstream: true,
    format: line.format,
  };
  if (line.durationMs !== undefined) fields.durationMs = line.durationMs;
  if (line.authority !== "") fields.host = line.authority;
  if (line.bytesReceived !== undefined) fields.requestBytes = line.bytesReceived;
  if (line.userAgent !== "") fields.userAgent = line.userAgent;
  if (line.requestId !== "") fields.requestId = line.requestId;
  const { upstreamName, hop } = namesOf(line.cluster === "" ? ruleOf(line.routeName) : line.cluster);
  if (upstreamName !== "") fields.upstreamName = upstreamName;
  if (hop !== undefined) fields.hop = hop;
  tell(fields, meaning);
  return fields;
}

function tell(fields: AccessFields, meaning: EnvoyMeaning): void {
  if (meaning.failure !== undefined) fields.failure = meaning.failure;
  if (meaning.origin !== undefined) fields.origin = meaning.origin;
  if (meaning.originReason !== undefined) fields.originReason = meaning.originReason;
  if (meaning.message !== undefined) fields.message = meaning.message;
  if (meaning.clientLeft !== undefined) fields.clientLeft = meaning.clientLeft;
}

function requestOf({ method, path, protocol }: EnvoyLine): string {
  const words = method === "" ? path : `${method} ${path}`;
  return protocol === "" ? words : `${words} ${protocol}`;
}

/** Earlier attempts are known by their number alone. */
function attemptsOf(line: EnvoyLine, meaning: EnvoyMeaning): AttemptFields[] {
  const attempts: AttemptFields[] = [];
  for (let i = 1; i < Math.min(line.attemptCount ?? 1, 100); i++) {
    attempts.push({ address: "-", group: 0, failure: "unclassified", message: `attempt ${i}, retried` });
  }
  if (line.upstreamHost !== "") attempts.push(lastAttempt(line, meaning));
  return attempts;
}

function lastAttempt(line: EnvoyLine, meaning: EnvoyMeaning): AttemptFields {
  const attempt: AttemptFields = { address: line.upstreamHost, group: 0 };
  if (meaning.answered) attempt.status = line.status;
  const retried = line.flags.includes("URX") || (line.attemptCount ?? 1) > 1;
  if (line.durationMs !== undefined && !retried) attempt.durationMs = line.durationMs;
  if (line.serviceTimeMs !== undefined) attempt.headerMs = line.serviceTimeMs;
  if (meaning.failure !== undefined) attempt.failure = meaning.failure;
  if (meaning.message !== undefined) attempt.message = meaning.message;
  return attempt;
}

/** The address that Envoy trusts; else the last one of X-Forwarded-For, which Envoy itself has put there. */
function clientOf(line: EnvoyLine): string {
  if (line.downstreamRemote !== "") return bareAddress(line.downstreamRemote);
  return line.forwardedFor.slice(line.forwardedFor.lastIndexOf(",") + 1).trim();
}

/** Envoy Gateway names a rule's cluster as the rule's routes begin: an answer of its own is so counted with its rule. */
const ruleOf = (routeName: string): string =>
  /^(?:http|grpc)route\/[a-z0-9.-]{1,253}\/[a-z0-9.-]{1,253}\/rule\/\d{1,6}/.exec(routeName)?.[0] ?? "";

const ofService =
  /^(?:outbound|inbound-vip)\|(\d{1,5})\|[^|]{0,253}\|([a-z0-9-]{1,63})\.([a-z0-9-]{1,63})\.svc(?:\.|$)/;

/**
 * Names of clusters made for a Service become NAMESPACE-SERVICE-PORT, as ingress-nginx writes them: Istio's
 * "outbound|80||orders.shop.svc.cluster.local" (istio pilot/pkg/model/service.go) and Contour's
 * "shop/orders/80/da39a3ee5e" (contour internal/envoy/cluster.go). Any other name stays as it is.
 */
function upstreamNameOf(cluster: string): string {
  const istio = ofService.exec(cluster);
  if (istio !== null) return `${istio[3]}-${istio[2]}-${istio[1]}`;
  const contour = /^([a-z0-9-]{1,63})\/([a-z0-9-]{1,63})\/(\d{1,5})\/[0-9a-f]{10}$/.exec(cluster);
  return contour === null ? cluster : `${contour[1]}-${contour[2]}-${contour[3]}`;
}

interface Names {
  readonly upstreamName: string;
  readonly hop: LogHop | undefined;
}

/** Clusters are few; what was made of them is kept for this many. */
const maxNames = 10_000;
const names = new Map<string, Names>();

function namesOf(cluster: string): Names {
  const known = names.get(cluster);
  if (known !== undefined) return known;
  if (names.size >= maxNames) names.clear();
  const fresh = { upstreamName: upstreamNameOf(cluster), hop: hopOf(cluster) };
  names.set(cluster, fresh);
  return fresh;
}

/** Only a sidecar or an ambient proxy has these clusters; "outbound|…" is also a gateway's. */
function hopOf(cluster: string): LogHop | undefined {
  const inMesh = /^(?:inbound[|-]|InboundPassthroughCluster|PassthroughCluster$|BlackHoleCluster$)/;
  return inMesh.test(cluster) ? "mesh" : undefined;
}
