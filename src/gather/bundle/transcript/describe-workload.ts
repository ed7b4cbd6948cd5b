import { defined, type JsonMap } from "../json-value.ts";
import { childrenOf, type DescribedLine, valueOf } from "./describe-tree.ts";
import { conditionsOf, metadataOf, templateOf } from "./describe-pod.ts";
import { describedTime } from "./durations.ts";
import { labelsOf } from "./table.ts";

/** "a=b,c in (d,e),!f" as a LabelSelector; undefined for none. */
export function selectorOf(text: string | undefined): JsonMap | undefined {
  if (text === undefined) return undefined;
  const labels = labelsOf(text);
  if (labels !== undefined) return { matchLabels: labels };
  const expressions: JsonMap[] = [];
  const matchLabels: Record<string, string> = {};
  for (const [part] of text.matchAll(/[^,(]+(?:\([^)]*\))?/g)) {
    const set = /^\s*(\S+) (in|notin) \(([^)]*)\)$/.exec(part);
    const equal = /^\s*([^=!\s]+)={1,2}(\S*)\s*$/.exec(part);
    const bare = /^\s*(!?)([^=!\s,]+)\s*$/.exec(part);
    if (set !== null) {
      expressions.push({
        key: set[1],
        operator: set[2] === "in" ? "In" : "NotIn",
        values: set[3]!.split(",").map((one) => one.trim()),
      });
    } else if (equal !== null) matchLabels[equal[1]!] = equal[2]!;
    else if (bare !== null)
      expressions.push({ key: bare[2], operator: bare[1] === "!" ? "DoesNotExist" : "Exists" });
  }
  return {
    ...(Object.keys(matchLabels).length > 0 ? { matchLabels } : {}),
    ...(expressions.length > 0 ? { matchExpressions: expressions } : {}),
  };
}

const counts = (text: string | undefined, pattern: RegExp): number | undefined => {
  const match = pattern.exec(text ?? "");
  return match === null ? undefined : Number(match[1]);
};

const amount = (text: string | undefined): string | number | undefined =>
  text === undefined ? undefined : /^\d+$/.test(text) ? Number(text) : text;

/** Deployment, ReplicaSet, StatefulSet and DaemonSet (describe.go describeDeployment and its neighbours). */
export function describedWorkload(lines: readonly DescribedLine[]): JsonMap {
  const replicas = valueOf(lines, "Replicas");
  const rolling = /^(\S+) max unavailable, (\S+) max surge$/.exec(
    valueOf(lines, "RollingUpdateStrategy") ?? "",
  );
  const minReady = valueOf(lines, "MinReadySeconds");
  const type = valueOf(lines, "StrategyType");
  return {
    metadata: metadataOf(lines),
    spec: defined({
      replicas: counts(replicas, /(\d+) desired/),
      selector: selectorOf(valueOf(lines, "Selector")),
      serviceName: valueOf(lines, "Service Name"),
      minReadySeconds: minReady === undefined ? undefined : Number(minReady),
      strategy:
        type === undefined
          ? undefined
          : defined({
              type,
              rollingUpdate:
                rolling === null
                  ? undefined
                  : { maxUnavailable: amount(rolling[1]), maxSurge: amount(rolling[2]) },
            }),
      template: templateOf(lines),
    }),
    status: defined({
      replicas: counts(replicas, /(\d+) (?:total|current)/),
      updatedReplicas: counts(replicas, /(\d+) updated/),
      availableReplicas: counts(replicas, /(\d+) available/),
      unavailableReplicas: counts(replicas, /(\d+) unavailable/),
      desiredNumberScheduled: counts(valueOf(lines, "Desired Number of Nodes Scheduled"), /^(\d+)$/),
      currentNumberScheduled: counts(valueOf(lines, "Current Number of Nodes Scheduled"), /^(\d+)$/),
      updatedNumberScheduled: counts(
        valueOf(lines, "Number of Nodes Scheduled with Up-to-date Pods"),
        /^(\d+)$/,
      ),
      numberAvailable: counts(valueOf(lines, "Number of Nodes Scheduled with Available Pods"), /^(\d+)$/),
      numberMisscheduled: counts(valueOf(lines, "Number of Nodes Misscheduled"), /^(\d+)$/),
      conditions: conditionsOf(childrenOf(lines, "Conditions")),
    }),
  };
}

/** A Job (describe.go describeJob). */
export function describedJob(lines: readonly DescribedLine[]): JsonMap {
  const statuses = valueOf(lines, "Pods Statuses");
  const number = (key: string): number | undefined => counts(valueOf(lines, key), /^(\d+)/);
  return {
    metadata: metadataOf(lines),
    spec: defined({
      parallelism: number("Parallelism"),
      completions: number("Completions"),
      backoffLimit: number("Backoff Limit"),
      activeDeadlineSeconds: number("Active Deadline Seconds"),
      selector: selectorOf(valueOf(lines, "Selector")),
      template: templateOf(lines),
    }),
    status: defined({
      startTime: describedTime(valueOf(lines, "Start Time")),
      completionTime: describedTime(valueOf(lines, "Completed At")),
      active: counts(statuses, /(\d+) (?:Active|Running)/),
      succeeded: counts(statuses, /(\d+) Succeeded/),
      failed: counts(statuses, /(\d+) Failed/),
    }),
  };
}
