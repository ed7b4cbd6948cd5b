import { visible } from "../../base/text.ts";
import type { Evidence } from "../../evidence/evidence.ts";
import { type ObjectRef, refText } from "../../evidence/object-ref.ts";
import type { Manifests } from "../../gather/manifests/read-manifests.ts";
import type { LintOptions } from "../../lint/lint.ts";
import { clusterOptions } from "../evidence-from.ts";
import type { FlagValues } from "../flags.ts";
import { warn } from "../output.ts";
import type { Progress } from "../progress.ts";
import { UsageProblem } from "../usage-problem.ts";

type PlaceOf = NonNullable<LintOptions["placeOf"]>;

/** What is checked, and where each field of it is written. */
export interface Linted {
  readonly evidence: Evidence;
  readonly placeOf: PlaceOf;
  /** Services that routes of other kinds than Ingress lead to; of a cluster those are not read. */
  readonly reached: ReadonlySet<string>;
}

const clusterOnly = ["context", "kubeconfig", "as", "timeout", "all-namespaces"] as const;

/** Manifests from the paths; without one the cluster. */
export async function readLinted(
  paths: readonly string[],
  values: FlagValues,
  progress: Progress,
): Promise<Linted> {
  if (paths.length === 0)
    return { evidence: await fromCluster(values, progress), placeOf: () => undefined, reached: new Set() };
  const misplaced = clusterOnly.find((name) => values[name] !== undefined);
  if (misplaced !== undefined)
    throw new UsageProblem(`--${misplaced} is for a cluster, and ${paths[0]} is read instead.`);
  if (paths.includes(""))
    throw new UsageProblem('A path is empty: "". Is a variable not set? This folder is: .');
  progress.phase(`reading ${paths.join(" ")}`);
  const { readManifests, readStandardInput } = await import("../../gather/manifests/read-manifests.ts");
  const manifests = await readManifests(paths, readStandardInput);
  const { isRouteKind } = await import("../../gather/manifests/reached-services.ts");
  const told = notRead(manifests, isRouteKind);
  if (told !== undefined) warn(told);
  const { positionsIn } = await import("../../gather/manifests/place-in-file.ts");
  const { evidence, reached } = manifests;
  return { evidence, reached, placeOf: placesOf(manifests, positionsIn) };
}

/** Says what of the manifests no rule looks at, where a person would think that one did. */
function notRead({ others, fileOf }: Manifests, isRouteKind: (kind: string) => boolean): string | undefined {
  const isAll = fileOf.size === 0 && others.size > 0;
  const told = [...others].filter(([kind]) => isAll || isRouteKind(kind) || kind.includes(" of "));
  if (told.length === 0) return undefined;
  const some = told.slice(0, 6).map(([kind, count]) => `${count} ${visible(kind)}`);
  const list = `${some.join(", ")}${told.length > some.length ? " and others" : ""}`;
  return isAll
    ? `Nothing to check: there are only kinds that no rule reads (${list}). Routes are read from Ingress of networking.k8s.io/v1.`
    : `Read only for the Services that they name: ${list}. Hosts, ports and timers are read from Ingress of networking.k8s.io/v1.`;
}

async function fromCluster(values: FlagValues, progress: Progress): Promise<Evidence> {
  if (values.namespace !== undefined && values["all-namespaces"])
    throw new UsageProblem("--namespace and --all-namespaces exclude each other.");
  const { gatherCluster } = await import("../../gather/sources/cluster.ts");
  const { namespace } = values;
  return gatherCluster(
    { ...clusterOptions(values), withoutLogs: true },
    { kind: "all", ...(namespace === undefined ? {} : { namespace }) },
    progress.phase,
  );
}

type Positions = (
  text: string,
) => (
  object: ObjectRef,
  path: readonly (string | number)[],
) => { readonly line: number; readonly column: number } | undefined;

/** A file is parsed with positions when the first finding in it is told, and once. */
function placesOf({ fileOf, textOf }: Manifests, positionsIn: Positions): PlaceOf {
  const known = new Map<string, ReturnType<Positions>>();
  return (subject, path) => {
    const file = fileOf.get(refText(subject));
    if (file === undefined) return undefined;
    const find = known.get(file) ?? positionsIn(textOf(file) ?? "");
    known.set(file, find);
    const position = find(subject, path);
    return position === undefined ? { file } : { file, ...position };
  };
}
