import type { Container, PodSpec } from "kubernetes-types/core/v1";
import { type Difference, differences } from "../base/differences.ts";
import { isObject, type JsonObject } from "../base/json-value.ts";
import { drainMs } from "../derive/drain.ts";
import type { PodView, Revision, Workload } from "../derive/views.ts";
import { type ObjectRef, refText, sameRef } from "../evidence/object-ref.ts";
import type { Observed } from "../evidence/observed.ts";
import type { Fix } from "./fix.ts";
import { ownerOf } from "./pods.ts";
import { see } from "./see.ts";

/** Whose pods are made from a template that a patch can change. */
const templated = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

type ContainerPatch = { readonly name: string } & { readonly [F in keyof Container]?: unknown };

/** What is changed of the pod template; lists merge by their items' names. */
interface TemplatePatch {
  readonly containers?: readonly ContainerPatch[];
  readonly terminationGracePeriodSeconds?: number;
  /** The whole list; null takes it away. */
  readonly readinessGates?: PodSpec["readinessGates"] | null;
  /** null takes a label away. */
  readonly nodeSelector?: Readonly<Record<string, string | null>>;
}

/** Command and patch that change a workload's pod template; a person's edit where there is no template. */
export function templateFix(owner: ObjectRef, spec: TemplatePatch): Pick<Fix, "commands" | "patch"> {
  if (!templated.has(owner.kind)) return { commands: [see.edit(owner)] };
  const body = { spec: { template: { spec } } };
  return {
    commands: [see.patch(owner, "strategic", body)],
    patch: { object: owner, type: "strategic", body },
  };
}

/** A pause before the pod is told to stop, none shorter than it is, with a grace period that leaves 30 s after it. */
export function preStopFix(owner: ObjectRef, spec: PodSpec, least: number): Pick<Fix, "commands" | "patch"> {
  const seconds = Math.max(least, Math.ceil((drainMs(spec) ?? 0) / 1000));
  const containers = spec.containers.map(({ name, lifecycle }) => {
    const { exec, httpGet, tcpSocket } = lifecycle?.preStop ?? {};
    const others = Object.entries({ exec, httpGet, tcpSocket }).filter(
      ([, handler]) => handler !== undefined,
    );
    // A hook has one handler only.
    const none = Object.fromEntries(others.map(([handler]) => [handler, null]));
    return { name, lifecycle: { preStop: { ...none, sleep: { seconds } } } };
  });
  const terminationGracePeriodSeconds = Math.max(spec.terminationGracePeriodSeconds ?? 30, seconds + 30);
  return templateFix(owner, { terminationGracePeriodSeconds, containers });
}

/** The newest revision and those before it that only a restart lies between, newest first: all are one version. */
export function newestVersion({ revisions }: Workload): readonly Revision[] {
  const end = revisions.findIndex((revision, i) => {
    const next = revisions[i + 1];
    const made = next === undefined ? [] : differencesOf(revision, next);
    return made.length === 0 || !made.every(isRestart);
  });
  return revisions.slice(0, end + 1);
}

/** The last revision that had another template; pods that were only restarted are none. */
export function revisionBefore({ revisions: [now, ...older] }: Workload): Revision | undefined {
  if (now === undefined) return undefined;
  return older.find((revision) => differencesOf(now, revision).some((d) => !isRestart(d)));
}

/** Back to the revision before, field by field, labels and annotations of its pods too; undefined when there is none. */
export function undoFix(workload: Workload | undefined): Fix | undefined {
  if (workload === undefined || workload.ref.kind !== "Deployment") return undefined;
  const now = workload.revisions[0];
  const before = revisionBefore(workload);
  if (now === undefined || before === undefined) return undefined;
  const body = differencesOf(now, before).map((d) => {
    const path = `/spec/template${d.path}`;
    if (d.after === undefined) return { op: "remove", path };
    return { op: d.before === undefined ? "add" : "replace", path, value: d.after };
  });
  const { ref } = workload;
  const words = ["kubectl", "rollout", "undo", `deployment/${ref.name}`, "-n", ref.namespace ?? "default"];
  return {
    title: `Go back to revision ${before.number} of ${refText(ref)}`,
    applicability: "unsafe",
    commands: [see.shell(...words, `--to-revision=${before.number}`)],
    patch: { object: ref, type: "json", body },
    effect: "replaces the new pods by old ones",
  };
}

const differencesOf = (now: Revision, before: Revision): Difference[] =>
  differences(templateOf(now), templateOf(before));

function templateOf({ spec, labels, annotations }: Revision): JsonObject {
  const own = {
    ...(labels === undefined ? {} : { labels }),
    ...(annotations === undefined ? {} : { annotations }),
  };
  return { metadata: own, spec };
}

/** What `kubectl rollout restart` leaves in a template (kubernetes/kubectl pkg/polymorphichelpers/objectrestarter.go). */
const restartKey = "kubectl.kubernetes.io/restartedAt";

function isRestart({ path, before, after }: Difference): boolean {
  const keys = [before, after].filter(isObject).flatMap((side) => Object.keys(side));
  const isOnly = keys.length > 0 && keys.every((key) => key === restartKey);
  return path.endsWith("/kubectl.kubernetes.io~1restartedAt") || (path === "/metadata/annotations" && isOnly);
}

/** The workload of a pod that is of its newest revision; undefined when it is older, or not known. */
export function newestOf(pod: PodView, workloads: Observed<readonly Workload[]>): Workload | undefined {
  if (workloads.state !== "present" || pod.templateHash === undefined) return undefined;
  const own = workloads.value.find(({ ref }) => sameRef(ref, ownerOf(pod)));
  return own?.revisions[0]?.hash === pod.templateHash ? own : undefined;
}
