import { type ObjectRef, refText } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { GatewaySignal, GatewaySignalKind, LoggedRequest } from "../logs/traffic.ts";
import type { Scene } from "./attempt-scene.ts";
import type { Observations } from "./observations.ts";
import { folded, type RowKind, type TimelineRow } from "./timeline-fold.ts";
import type { EventView, Moment, MomentKind, Workload } from "./views.ts";
import { setOf } from "./workload-change-at.ts";

export type { TimelineRow };

/** Everything with a time that happened to the route's pods, workloads, nodes and gateway, and its failures. */
export function timelineRows(facts: Observations, scene: Scene): TimelineRow[] {
  const workloads = listOf(facts.workloads).filter((w) => w.relation !== "named-alike");
  const pods = [...scene.own, ...scene.departed];
  return folded([
    ...workloads.flatMap(revisionRows),
    ...scene.steps.map((step) => stepRow(step, scene.steps)),
    ...pods.flatMap(({ ref, timeline }) => timeline.flatMap((m) => momentRow(m, ref, podRows))),
    ...scene.gatewayPods.flatMap(({ ref, timeline }) =>
      timeline.flatMap((m) => momentRow(m, ref, gatewayPodRows)),
    ),
    ...scene.signals.flatMap(signalRow),
    ...listOf(facts.events).flatMap((e) =>
      warningRow(e, [...pods.map((p) => p.ref), ...workloads.map((w) => w.ref)], nodesOf(scene)),
    ),
    ...(facts.traffic.state === "present" ? failureRows(facts.traffic.value.failures) : []),
  ]);
}

const row = (
  kind: RowKind,
  atMs: number,
  text: string,
  objects: readonly ObjectRef[],
  source: string,
  more: Partial<Pick<TimelineRow, "toMs" | "count" | "isChange">> = {},
): TimelineRow => ({
  kind,
  atMs,
  toMs: atMs,
  count: 1,
  text: text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text,
  objects,
  source,
  isChange: false,
  ...more,
});

/** Longer messages are read where they are from. */
const mostLetters = 400;

/** A revision after the first: what its containers run that those of the one before did not. */
function revisionRows({ ref, revisions }: Workload): TimelineRow[] {
  return revisions.slice(0, -1).map((revision, i) => {
    const before = revisions[i + 1]!;
    const old = new Map(before.spec.containers.map((c) => [c.name, c.image]));
    const images = revision.spec.containers
      .filter((c) => old.has(c.name) && old.get(c.name) !== c.image)
      .map((c) => `${c.name} ${old.get(c.name) ?? "no image"} → ${c.image ?? "no image"}`);
    const what = images.length > 0 ? images.join(", ") : "the same images";
    const text = `revision ${revision.number} began: ${what}`;
    return row("rollout", revision.createdMs, text, [ref], refText(revision.ref), { isChange: true });
  });
}

function stepRow(step: EventView, steps: readonly EventView[]): TimelineRow {
  const sets = new Set(steps.filter((s) => setOf(s) !== undefined).map(setOf));
  const kind = setOf(step) !== undefined && sets.size > 1 ? "rollout" : "scaling";
  const span = { toMs: step.lastMs, count: step.count, isChange: true };
  return row(kind, step.firstMs, step.message, [step.about], refText(step.ref), span);
}

type MomentRows = Partial<Record<MomentKind, readonly [RowKind, isChange?: true]>>;

const podRows: MomentRows = {
  created: ["pod"],
  ready: ["pod"],
  unready: ["pod"],
  "probe-failed": ["probe"],
  terminated: ["termination"],
  restarted: ["restart"],
  "back-off": ["restart"],
  "delete-called": ["termination"],
  deleted: ["pod"],
  evicted: ["eviction", true],
  "node-lost": ["node", true],
};

const gatewayPodRows: MomentRows = {
  ready: ["gateway"],
  terminated: ["gateway", true],
  restarted: ["gateway", true],
  "delete-called": ["gateway", true],
  evicted: ["gateway", true],
};

function momentRow({ atMs, kind, text, source }: Moment, ref: ObjectRef, rows: MomentRows): TimelineRow[] {
  const known = rows[kind];
  if (known === undefined) return [];
  const [rowKind, isChange = false] = known;
  const plain = { ready: "pod ready", unready: "pod no longer ready", created: "pod created" };
  const said = kind === "ready" || kind === "unready" || kind === "created" ? plain[kind] : text;
  return [
    row(rowKind, atMs, rowKind === "gateway" ? `the gateway: ${said}` : said, [ref], source, {
      isChange,
    }),
  ];
}

const signalTexts: Partial<Record<GatewaySignalKind, string>> = {
  reload: "the gateway loaded a new configuration",
  "reload-failed": "the gateway could not load a new configuration",
  "reconfigure-failed": "the gateway could not take over new endpoints",
  started: "a gateway process started",
  shutdown: "a gateway process began to stop",
  "worker-killed": "a worker of the gateway was killed",
  "no-active-endpoint": "the gateway found no endpoint of the Service",
  "server-down": "the gateway took a server out",
  "server-up": "the gateway put a server back",
  "no-server": "the gateway had no server left",
};

function signalRow({ kind, timeMs, gatewayPod }: GatewaySignal): TimelineRow[] {
  const text = signalTexts[kind];
  if (text === undefined || timeMs === undefined) return [];
  const isChange = kind === "reload" || kind === "started" || kind === "shutdown";
  return [row("gateway", timeMs, text, [], `log of ${gatewayPod ?? "the gateway"}`, { isChange })];
}

/** Told already, by the timelines of the pods. */
const told: ReadonlySet<string> = new Set([
  "Unhealthy",
  "BackOff",
  "Evicted",
  "Preempted",
  "TaintManagerEviction",
  "Killing",
]);

const nodesOf = ({ own, departed }: Scene): ReadonlySet<string> =>
  new Set([...own, ...departed].flatMap((pod) => pod.node ?? []));

/** Warnings about the route's own objects, and what the nodes of its pods report. */
function warningRow(event: EventView, own: readonly ObjectRef[], nodes: ReadonlySet<string>): TimelineRow[] {
  const { about, type, reason, message, firstMs, lastMs, count, ref } = event;
  const text = message === "" ? reason : `${reason}: ${message}`;
  const span = { toMs: lastMs, count };
  if (about.kind === "Node") {
    const isTold = nodes.has(about.name) && (type === "Warning" || /^Node(Not)?Ready$/.test(reason));
    return isTold ? [row("node", firstMs, text, [about], refText(ref), { ...span, isChange: true })] : [];
  }
  const isOwn = own.some((o) => o.name === about.name && o.namespace === about.namespace);
  if (type !== "Warning" || told.has(reason) || !isOwn) return [];
  return [row("warning", firstMs, text, [about], refText(ref), span)];
}

/** Queries are left out: they may hold what is nobody else's business. */
const requestText = ({ method, path, status, failure }: LoggedRequest): string =>
  `${method} ${path.split("?")[0]} got ${String(status).padStart(3, "0")} (${failure ?? "unclassified"})`;

const toldRow = (words: string, request: LoggedRequest): TimelineRow => {
  const { endMs, gatewayPod } = request;
  const source = gatewayPod === undefined ? "gateway log" : `log of ${gatewayPod}`;
  return row("failure", endMs, `${words}: ${requestText(request)}`, [], source);
};

function failureRows(failures: readonly LoggedRequest[]): TimelineRow[] {
  const first = failures[0];
  const last = failures.at(-1);
  if (first === undefined || last === undefined) return [];
  return failures.length === 1
    ? [toldRow("the only failed request", first)]
    : [toldRow("first failed request", first), toldRow("last failed request", last)];
}

const listOf = <T>(observed: Observed<readonly T[]>): readonly T[] =>
  observed.state === "present" ? observed.value : [];
