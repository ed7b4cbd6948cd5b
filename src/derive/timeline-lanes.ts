import type { ObjectRef } from "../evidence/object-ref.ts";
import type { AddressStats, Traffic } from "../logs/traffic.ts";
import { addressIp } from "./address-ip.ts";
import type { Scene } from "./attempt-scene.ts";
import type { Observations } from "./observations.ts";
import { podAt } from "./pod-at.ts";
import { compareText, maybe } from "./shape.ts";
import { departedSpans, podSpans, type PodState, type Span } from "./timeline-spans.ts";
import type { Window } from "./timeline-window.ts";
import type { DepartedPod, Moment, MomentKind, PodView } from "./views.ts";

/** The life of one pod within the window, and the failed attempts that met it. */
interface Lane {
  /** The pod's name, an address of no known pod, or `nobody`. */
  readonly name: string;
  readonly pod?: ObjectRef;
  readonly node?: string;
  readonly revision?: string;
  readonly isGone: boolean;
  /** When it was no more is known: somebody watched it go. */
  readonly hasEnd: boolean;
  readonly spans: readonly Span[];
  readonly marks: readonly Mark[];
  /** When failed attempts at its address ended, in order. */
  readonly failedMs: readonly number[];
}

interface Mark {
  readonly atMs: number;
  readonly kind: MomentKind;
  readonly text: string;
}

export interface Lanes {
  readonly lanes: readonly Lane[];
  /** Pods that are not drawn, by what they were at the end of the window. */
  readonly others: readonly OtherPods[];
}

interface OtherPods {
  readonly state: PodState | "gone";
  readonly pods: number;
  /** Attempts that failed at them. */
  readonly failed: number;
}

/** The lane of requests that the gateway sent to no pod at all. */
const nobody = "no pod was asked";

const mostLanes = 20;
/** Kubernetes' default, for pods of which nothing but their name is known. */
const usualGraceMs = 30_000;

export function podLanes(
  { pods, departed, workloads, traffic }: Observations,
  scene: Scene,
  window: Window,
): Lanes {
  const addresses = traffic.state === "present" ? traffic.value.addresses : new Map<string, AddressStats>();
  const failed = traffic.state === "present" ? failedTries(traffic.value) : [];
  const byIp = statsByIp(addresses);
  const own = pods.state === "present" ? pods.value : [];
  const gone = departed.state === "present" ? departed.value : [];
  const seconds =
    workloads.state === "present"
      ? workloads.value[0]?.template.spec.terminationGracePeriodSeconds
      : undefined;
  const graceMs = seconds === undefined ? usualGraceMs : seconds * 1000;
  const met = attemptsByHolder(failed, scene);
  const statsOf = (ip: string | undefined): AddressStats | undefined =>
    ip === undefined ? undefined : byIp.get(ip);
  const all = [
    ...[...met.strangers].map(([name, attempts]) => strangerLane(name, attempts)),
    ...gone.map((pod) => laneOf(pod, departedSpans(pod, statsOf(pod.ip), graceMs), met.byPod.get(pod), true)),
    ...[...new Set([...own, ...foreign(met.byPod, own)])].map((pod) =>
      laneOf(pod, podSpans(pod, statsOf(pod.ip), window.toMs), met.byPod.get(pod), false),
    ),
  ].flatMap((lane) => cutTo(lane, window));
  const shown = new Set(all.toSorted(mostTelling(window)).slice(0, mostLanes));
  return {
    lanes: all.filter((lane) => shown.has(lane)).sort(byBirth),
    others: countedOthers(all.filter((lane) => !shown.has(lane))),
  };
}

/** A failed attempt, an error that the application answered included, or a request for which no pod was asked. */
interface FailedTry {
  readonly address: string;
  readonly endMs: number;
}

const failedTries = ({ failures, masked }: Traffic): FailedTry[] =>
  [...failures, ...masked].flatMap(({ attempts, endMs }) => {
    const failed = attempts.filter((a) => a.failure !== undefined);
    return failed.length > 0 ? failed : [{ address: attempts.at(-1)?.address ?? "-", endMs }];
  });

/** Of an address that several pods had one after the other the log cannot tell apart what each answered. */
function statsByIp(addresses: ReadonlyMap<string, AddressStats>): ReadonlyMap<string, AddressStats> {
  return new Map([...addresses].map(([address, stats]) => [addressIp(address), stats]));
}

interface Met {
  readonly byPod: ReadonlyMap<PodView | DepartedPod, readonly FailedTry[]>;
  readonly strangers: ReadonlyMap<string, readonly FailedTry[]>;
}

function attemptsByHolder(failed: readonly FailedTry[], scene: Scene): Met {
  const byPod = new Map<PodView | DepartedPod, FailedTry[]>();
  const strangers = new Map<string, FailedTry[]>();
  for (const attempt of failed) {
    const ip = addressIp(attempt.address);
    const isAddress = /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:.]+$/i.test(ip);
    const holder = isAddress ? podAt(scene.pods, scene.departed, ip, attempt.endMs) : undefined;
    const known = holder === undefined ? strangers.get(isAddress ? ip : nobody) : byPod.get(holder);
    if (known !== undefined) known.push(attempt);
    else if (holder !== undefined) byPod.set(holder, [attempt]);
    else strangers.set(isAddress ? ip : nobody, [attempt]);
  }
  return { byPod, strangers };
}

const foreign = (byPod: Met["byPod"], own: readonly PodView[]): PodView[] =>
  [...byPod.keys()].filter((pod): pod is PodView => "pod" in pod && !own.includes(pod));

const strangerLane = (name: string, attempts: readonly FailedTry[]): Lane => ({
  name,
  isGone: name !== nobody,
  hasEnd: false,
  spans: [],
  marks: [],
  failedMs: timesOf(attempts),
});

function laneOf(
  pod: PodView | DepartedPod,
  spans: readonly Span[],
  attempts: readonly FailedTry[] | undefined,
  isGone: boolean,
): Lane {
  return {
    name: pod.ref.name,
    pod: pod.ref,
    ...maybe("node", pod.node),
    ...maybe("revision", pod.templateHash),
    isGone,
    hasEnd: pod.timeline.some((m) => m.kind === "deleted"),
    spans,
    marks: pod.timeline.filter(isMarked).map(({ atMs, kind, text }) => ({ atMs, kind, text })),
    failedMs: timesOf(attempts ?? []),
  };
}

const marked: ReadonlySet<MomentKind> = new Set([
  "restarted",
  "terminated",
  "evicted",
  "node-lost",
  "back-off",
  "probe-failed",
]);

const isMarked = ({ kind }: Moment): boolean => marked.has(kind);

const timesOf = (attempts: readonly FailedTry[]): number[] =>
  attempts.map((a) => a.endMs).sort((a, b) => a - b);

/** What of a lane lies within the window; nothing of a pod that was not there at the time. */
function cutTo(lane: Lane, { fromMs, toMs }: Window): Lane[] {
  const isIn = (ms: number): boolean => ms >= fromMs && ms <= toMs;
  const spans = lane.spans.flatMap((span): Span[] => {
    const cut = { ...span, fromMs: Math.max(span.fromMs, fromMs), toMs: Math.min(span.toMs, toMs) };
    return cut.toMs > cut.fromMs ? [cut] : [];
  });
  const cut = {
    ...lane,
    spans,
    marks: lane.marks.filter((m) => isIn(m.atMs)),
    failedMs: lane.failedMs.filter(isIn),
  };
  return spans.length === 0 && cut.failedMs.length === 0 ? [] : [cut];
}

const startOf = ({ spans, failedMs }: Lane): number => spans[0]?.fromMs ?? failedMs[0] ?? 0;

/** Those that requests failed at, then those to which something happened, then the youngest. */
const mostTelling =
  ({ fromMs }: Window) =>
  (a: Lane, b: Lane): number =>
    b.failedMs.length - a.failedMs.length ||
    b.marks.length + b.spans.length - (a.marks.length + a.spans.length) ||
    Number(startOf(b) > fromMs) - Number(startOf(a) > fromMs) ||
    startOf(b) - startOf(a) ||
    compareText(a.name, b.name);

/** Nobody's lane first, then as the pods came, so that a rollout reads as stairs. */
const byBirth = (a: Lane, b: Lane): number =>
  Number(b.name === nobody && b.pod === undefined) - Number(a.name === nobody && a.pod === undefined) ||
  startOf(a) - startOf(b) ||
  Number(b.isGone) - Number(a.isGone) ||
  endOf(a) - endOf(b) ||
  compareText(a.name, b.name);

const endOf = ({ spans, failedMs }: Lane): number => spans.at(-1)?.toMs ?? failedMs.at(-1) ?? 0;

function countedOthers(lanes: readonly Lane[]): Lanes["others"] {
  const byState = Map.groupBy(lanes, (lane): OtherPods["state"] =>
    lane.isGone ? "gone" : (lane.spans.at(-1)?.state ?? "gone"),
  );
  return [...byState]
    .map(([state, of]) => ({
      state,
      pods: of.length,
      failed: of.reduce((sum, lane) => sum + lane.failedMs.length, 0),
    }))
    .sort((a, b) => b.pods - a.pods || compareText(a.state, b.state));
}
