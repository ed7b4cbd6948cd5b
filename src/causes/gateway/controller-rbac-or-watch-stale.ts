import type { EndpointsView, PodView } from "../../derive/views.ts";
import type { Attempt, FailureClass, LoggedRequest } from "../../logs/traffic.ts";
import { type Clue, speaksAgainst, speaksFor } from "../clue.ts";
import { defineCause, refuted, undecided } from "../define-cause.ts";
import { signalSource, signalsOf } from "../gateway-signals.ts";
import { someOf } from "../names.ts";
import { failedAttempts, ipOf } from "../requests.ts";
import { see } from "../see.ts";
import { divergence, divergenceClue, viewFixes } from "./stale-view.ts";

/** Ordinary lag ends within seconds; a stale view goes on. Two minutes tells them apart. */
const staleMs = 120_000;
/** Its address is no endpoint of the route's Service, and is not meant to be. */
const defaultBackend = /^(?:upstream-default-backend|custom-default-backend-)/;
const unreached: readonly FailureClass[] = ["connect-refused", "unreachable", "connect-timeout"];

/**
 * The controller's view of the cluster stands still: its right to watch was taken away, its token
 * expired, or its informer hangs. It goes on sending to addresses that were given up minutes ago
 * and does not know the new ones.
 */
export const controllerRbacOrWatchStale = defineCause({
  id: "controller-rbac-or-watch-stale",
  title: "The gateway works from an old view of the cluster",
  hop: "gateway",
  codes: [502, 503, 504],
  prior: 0.02,
  leadsTo: ["stale-endpoint-after-pod-deletion", "proxy-connect-timeout"],
  needs: ["gateway", "endpoints", "pods", "traffic"],
  helps: ["gatewayLog"],
  weigh({ gateway, endpoints, pods, traffic, gatewayLog }) {
    const current = new Set(endpoints.all.map((e) => e.ip));
    const stale = failedAttempts(traffic).filter(({ request, attempt }) =>
      isStale(request, attempt, current, endpoints, pods),
    );
    const watch = signalsOf(gatewayLog, "watch-forbidden", "watch-failed", "reconfigure-failed");
    const blind = blindRequests(traffic.failures, endpoints, pods);
    const clues: Clue[] = [];
    const spanMs = span(stale.map((s) => s.attempt.endMs));
    if (stale.length > 0) {
      const addresses = someOf([...new Set(stale.map((s) => s.attempt.address))].sort());
      const text = `${stale.length} attempts over ${lasting(spanMs)} went to ${addresses}, no endpoint of the Service; the present endpoints were ready before`;
      const weight = spanMs >= staleMs ? speaksFor.strong : speaksFor.moderate;
      clues.push(
        weight(text, "gateway log against EndpointSlices", {
          see: see.list("endpointslices", pods[0]?.ref.namespace),
        }),
      );
    }
    if (blind.length > 0)
      clues.push(
        speaksFor.moderate(
          `${blind.length} requests found no endpoint although ready ones existed by then`,
          "gateway log against EndpointSlices",
        ),
      );
    const first = watch[0];
    if (first !== undefined) {
      const weight = first.kind === "watch-forbidden" ? speaksFor.strong : speaksFor.moderate;
      clues.push(weight(`the controller logs: ${said(first.line)}`, signalSource(first)));
    }
    if (stale.length + blind.length === 0)
      return refuted(
        speaksAgainst.decisive(
          "every failing address is a current endpoint",
          "gateway log against EndpointSlices",
        ),
      );
    if (first === undefined && spanMs < staleMs) {
      return undecided(
        stale.length > 0
          ? "some attempts went to addresses that are no endpoint now, for less than two minutes"
          : `${blind.length} requests found no endpoint although ready ones existed; no line says that the controller's view is old`,
        undefined,
        clues,
      );
    }
    if (first === undefined)
      clues.push(
        speaksFor.moderate(
          "it went on for more than two minutes; ordinary propagation takes seconds",
          "gateway log",
        ),
      );
    const old = divergence(
      gateway,
      traffic,
      stale.map((s) => s.request),
      current,
    );
    if (old.length > 0) clues.push(divergenceClue(old, gateway));
    return {
      state: "supported",
      subject: gateway.workload ?? gateway.pods[0]?.ref ?? { kind: "Pod", name: "gateway" },
      clues,
      explains: (request, attempt) =>
        attempt === undefined ? blind.includes(request) : isStale(request, attempt, current, endpoints, pods),
      fixes: viewFixes(
        gateway,
        old,
        watch.some((w) => w.kind === "watch-forbidden"),
      ),
    };
  },
});

/** An attempt at an address that is no endpoint, made when today's endpoints were ready already. */
function isStale(
  request: LoggedRequest,
  attempt: Attempt,
  current: ReadonlySet<string>,
  endpoints: EndpointsView,
  pods: readonly PodView[],
): boolean {
  if (defaultBackend.test(request.upstreamName ?? "")) return false;
  if (attempt.failure === undefined || !unreached.includes(attempt.failure)) return false;
  if (!/:\d+$/.test(attempt.address) || current.has(ipOf(attempt.address))) return false;
  return endpoints.ready.length > 0 && readySince(pods) < request.startMs;
}

function blindRequests(
  failures: readonly LoggedRequest[],
  endpoints: EndpointsView,
  pods: readonly PodView[],
): LoggedRequest[] {
  if (endpoints.ready.length === 0) return [];
  const since = readySince(pods) + staleMs;
  return failures.filter((f) => f.failure === "no-endpoint" && f.attempts.length === 0 && f.startMs > since);
}

/** Since when every ready pod has been ready; never, when that is not known. */
function readySince(pods: readonly PodView[]): number {
  const times = pods.filter((p) => p.ready).map((p) => p.readyChangedMs ?? Infinity);
  return times.length === 0 ? Infinity : Math.max(...times);
}

/** The words of a klog line without its head and its escapes: "failed to list *v1.EndpointSlice: … is forbidden: …". */
function said(line: string): string {
  const words = line.replaceAll('\\"', "'");
  return (/failed to (?:list|watch) [^"]+/i.exec(words)?.[0] ?? words).slice(0, 240);
}

const span = (times: readonly number[]): number =>
  times.length === 0 ? 0 : Math.max(...times) - Math.min(...times);

const lasting = (ms: number): string =>
  ms >= staleMs ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / 1000)} s`;
