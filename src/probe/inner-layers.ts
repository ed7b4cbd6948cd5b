import { hasFailed, isWell, type ProbedHop } from "../evidence/probed-hop.ts";
import type { LayerProbe } from "../report/probe-report.ts";
import { howItFailed } from "./how-it-failed.ts";
import type { Inside } from "./inside.ts";
import { stationName } from "./outer-layers.ts";

interface Behind {
  readonly hops: readonly ProbedHop[];
  readonly inside?: Inside;
  readonly noInside?: string;
}

const gateway = "the gateway";
const pods = "the pods";
const application = "the application";

/** The gateway got the request and `reached` is how it failed: what lies behind it decides. */
export function innerLayers(behind: Behind, reached: readonly ProbedHop[]): readonly LayerProbe[] {
  const { inside, noInside } = behind;
  const [first] = reached;
  if (first === undefined) return [];
  if (inside !== undefined) return [behindGateway(behind, inside, howItFailed(first))];
  const because = [`nothing behind it could be asked: ${noInside ?? "no cluster is read"}`];
  return [at(stationName(first), application, `it ${howItFailed(first)}`, because)];
}

const at = (from: string, to: string, what: string, because: readonly string[] = []): LayerProbe => ({
  from,
  to,
  what,
  because,
});

function behindGateway({ hops }: Behind, inside: Inside, how: string): LayerProbe {
  const { service, ready, selected, blocked } = inside;
  if (service.state === "broken" && ready === undefined) return at(gateway, service.name, service.note);
  const target = hops.filter((h) => h.place === "pod" && h.port === "target");
  const asked = target.filter((h) => h.unasked === undefined);
  const well = asked.filter(isWell);
  const failed = asked.filter(hasFailed);
  const others = hops.filter((h) => isAsked(h) && h.port !== "target");
  if (selected === 0) return at(service.name, pods, "the Service selects no pod", [service.note]);
  if (asked.length === 0) return unasked(inside, target, others);
  if (failed.length === 0) {
    if (ready === 0)
      return at(service.name, pods, `${all(well.length)} when asked directly, and none is a ready endpoint`, [
        service.note,
      ]);
    return at(
      gateway,
      pods,
      `the gateway ${how}, and ${all(well.length)} the same request when asked directly`,
      [
        blocked === undefined
          ? "what a port-forward passes and the gateway does not: NetworkPolicy, the network between nodes, an application that listens on 127.0.0.1 alone, and the gateway's own settings (protocol, timeouts, limits)"
          : `by its rules a NetworkPolicy stops the gateway's packets: ${blocked}`,
      ],
    );
  }
  if (well.length > 0)
    return at(
      gateway,
      failed.length === 1 ? `pod ${failed[0]?.name}` : `${failed.length} of the pods`,
      `${failed.length} of ${asked.length} pods fail: ${listOf(failed)}; the others answer`,
    );
  return allFail(inside, failed, others, [`the gateway ${how}, and the pods fail without it`]);
}

function allFail(
  inside: Inside,
  failed: readonly ProbedHop[],
  others: readonly ProbedHop[],
  because: readonly string[],
): LayerProbe {
  const { service } = inside;
  const elsewhere = others.filter((h) => h.port === "declared" && h.answer !== undefined);
  const understood = others.filter((h) => h.port === "other-protocol" && h.answer !== undefined);
  if (understood.length > 0 && understood.length === failed.length) {
    const isTls = understood.every((h) => h.tls !== undefined);
    const [spoken, sent] = isTls ? ["over TLS", "plain HTTP"] : ["to plain HTTP", "TLS"];
    return at(
      gateway,
      pods,
      `the gateway speaks ${sent} to the pods, and ${all(understood.length)} ${spoken} alone`,
      because,
    );
  }
  const isClosed = failed.every((h) => h.problem?.phase === "connect");
  if (isClosed && elsewhere.length > 0) {
    const what = `the Service leads to port ${portOf(failed[0])}, where nothing listens; ${all(elsewhere.length)} on port ${portOf(elsewhere[0])}, which ${elsewhere.length === 1 ? "it declares" : "they declare"}`;
    return at(service.name, pods, what, [service.note]);
  }
  if (isClosed && isReachedByKubelet(inside, failed)) {
    const what = `nothing listens on port ${portOf(failed[0])} of the pods' loopback device, where a port-forward comes to, but the kubelet's probe reaches that port at the pods' own addresses: whether they answer requests there is not known`;
    return at(gateway, application, what, because);
  }
  if (isClosed)
    return at(
      pods,
      application,
      `nothing listens on port ${portOf(failed[0])} in ${every(failed.length)}`,
      troublesOf(inside, failed),
    );
  if (failed.every((h) => h.problem === undefined))
    return at(pods, application, `the application makes the failure itself: ${listOf(failed)}`, because);
  return at(pods, application, listOf(failed), [...because, ...troublesOf(inside, failed)]);
}

/** No pod could be asked on the port that the Service leads to. */
function unasked(inside: Inside, target: readonly ProbedHop[], declared: readonly ProbedHop[]): LayerProbe {
  const { service, ready } = inside;
  const answering = declared.filter((h) => h.answer !== undefined);
  if (answering.length > 0)
    return at(
      service.name,
      pods,
      `the Service leads to no port of the pods; ${all(answering.length)} on port ${portOf(answering[0])}, which they declare`,
      [service.note],
    );
  if (ready === 0)
    return at(service.name, pods, "the Service has no ready endpoint", [service.note, ...reasonsOf(target)]);
  return at(
    gateway,
    application,
    "which of them fails is not known, as no pod could be asked",
    reasonsOf(target),
  );
}

const isAsked = (h: ProbedHop): boolean => h.place === "pod" && h.unasked === undefined;

/** Pods that fail though nothing in front of them was seen to: requests that are sent to them will. */
export function partLayers({ hops, inside }: Behind): readonly LayerProbe[] {
  if (inside === undefined) return [];
  const isComingThrough = hops.some((h) => h.place !== "pod" && isWell(h));
  const asked = hops.filter((h) => isAsked(h) && h.port === "target" && h.isReady === true);
  const others = hops.filter((h) => isAsked(h) && h.port !== "target");
  const failed = asked.filter(hasFailed);
  if (failed.length === 0) return [];
  // Requests come through, so the pods answer at their own addresses.
  if (
    failed.length === asked.length &&
    isComingThrough &&
    failed.every((h) => h.problem?.phase === "connect")
  )
    return [];
  if (failed.length === asked.length) return [allFail(inside, failed, others, [])];
  const what = `${failed.length} of ${asked.length} ready pods fail: ${listOf(failed)}; the others answer`;
  return [at(gateway, failed.length === 1 ? `pod ${failed[0]?.name}` : "some pods", what)];
}

/** "shop/web-1: container app: CrashLoopBackOff, 5 restarts" */
const troublesOf = (inside: Inside, failed: readonly ProbedHop[]): readonly string[] =>
  inside.pods
    .filter((p) => p.trouble !== undefined && failed.some((h) => isOf(p, h)))
    .slice(0, mostListed)
    .map((p) => `${p.namespace}/${p.name}: ${p.trouble}`);

const isOf = (pod: Inside["pods"][number], hop: ProbedHop): boolean =>
  hop.name === `${pod.namespace}/${pod.name}:${pod.port}`;

/** Such an application listens on the address of its pod alone. */
const isReachedByKubelet = (inside: Inside, failed: readonly ProbedHop[]): boolean =>
  failed.every((h) => inside.pods.some((p) => p.isProbed === true && isOf(p, h)));

const mostListed = 4;

/** "shop/web-1:8080 answers 503, shop/web-2:8080 refuses connections" */
function listOf(hops: readonly ProbedHop[]): string {
  const kinds = Map.groupBy(hops, howItFailed);
  if (kinds.size === 1 && hops.length > 1)
    return `${every(hops.length)} ${howItFailed(hops[0] as ProbedHop)}`;
  const told = hops.slice(0, mostListed).map((h) => `${h.name} ${howItFailed(h)}`);
  return [...told, ...(hops.length > mostListed ? [`and ${hops.length - mostListed} more`] : [])].join(", ");
}

const reasonsOf = (hops: readonly ProbedHop[]): readonly string[] => [
  ...new Set(hops.slice(0, mostListed).map((h) => `${h.name}: ${h.unasked?.reason ?? "not asked"}`)),
];

const all = (n: number): string => (n === 1 ? "the pod answers" : `all ${n} pods answer`);
const every = (n: number): string => (n === 1 ? "the pod" : `each of the ${n} pods`);
const portOf = (hop: ProbedHop | undefined): string => /:(\d+)$/.exec(hop?.name ?? "")?.[1] ?? "?";
