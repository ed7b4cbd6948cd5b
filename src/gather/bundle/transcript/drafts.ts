import { type Resource, resources } from "../../../evidence/kinds.ts";
import { type JsonMap, mapOf, mapsOf, textOf } from "../json-value.ts";
import { merged, podWithHidden, withHidden } from "./merge.ts";

/** What the commands of a transcript say of one object, by how they say it. */
interface Draft {
  readonly resource: Resource;
  readonly name: string;
  readonly namespace?: string;
  /** A row of a table. */
  row?: JsonMap;
  described?: JsonMap;
  /** The object itself, from -o yaml or -o json. */
  whole?: JsonMap;
}

export type DraftPart = "row" | "described" | "whole";

/** Objects in the making. What describes them more closely goes before what lists them, and a manifest comes last. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #manifests = new Map<string, JsonMap>();
  /** Objects that took fields from a manifest. */
  #filled = 0;

  put(part: DraftPart, resource: Resource, object: JsonMap, namespace: string | undefined): void {
    const metadata = mapOf(object["metadata"]);
    const name = textOf(metadata["name"]);
    if (name === undefined) return;
    const scope = resources[resource].namespaced ? (textOf(metadata["namespace"]) ?? namespace) : undefined;
    const key = keyOf(resource, name, scope);
    const draft = this.#drafts.get(key) ?? {
      resource,
      name,
      ...(scope === undefined ? {} : { namespace: scope }),
    };
    this.#drafts.set(key, draft);
    draft[part] = part === "row" ? merged(draft.row, object) : object;
  }

  /** What was applied; without a namespace it is anybody's of that name. */
  manifest(resource: Resource, object: JsonMap): void {
    const metadata = mapOf(object["metadata"]);
    const name = textOf(metadata["name"]);
    if (name !== undefined) this.#manifests.set(keyOf(resource, name, textOf(metadata["namespace"])), object);
  }

  has(resource: Resource, name: string, namespace: string | undefined): boolean {
    return this.#drafts.has(keyOf(resource, name, namespace));
  }

  /** Known from a row of a table alone. */
  isOnlyListed(resource: Resource, name: string, namespace: string | undefined): boolean {
    const draft = this.#drafts.get(keyOf(resource, name, namespace));
    return draft !== undefined && draft.described === undefined && draft.whole === undefined;
  }

  drop(resource: Resource, name: string, namespace: string | undefined): void {
    this.#drafts.delete(keyOf(resource, name, namespace));
  }

  names(resource: Resource): string[] {
    return Array.from(this.#drafts.values()).flatMap((draft) =>
      draft.resource === resource ? [draft.name] : [],
    );
  }

  get filled(): number {
    return this.#filled;
  }

  /** The finished objects, with kind and namespace. */
  *objects(): Generator<{ resource: Resource; object: JsonMap }> {
    for (const draft of this.#drafts.values()) {
      const { resource, name, namespace } = draft;
      const { kind, group, version } = resources[resource];
      const object = this.#finished(draft);
      const metadata = {
        ...mapOf(object["metadata"]),
        name,
        ...(namespace === undefined ? {} : { namespace }),
      };
      yield {
        resource,
        object: { ...object, kind, apiVersion: group === "" ? version : `${group}/${version}`, metadata },
      };
    }
  }

  #finished(draft: Draft): JsonMap {
    if (draft.whole !== undefined) return draft.whole;
    const live = merged(draft.row, draft.described);
    const manifest = this.#manifestOf(draft.resource, draft.name, draft.namespace);
    if (draft.resource === "pods") return this.#podFrom(draft, live);
    if (manifest === undefined) return live;
    this.#filled++;
    if (draft.described === undefined) return merged(merged(undefined, manifest), live);
    const spec = withHidden(draft.resource, mapOf(live["spec"]), mapOf(manifest["spec"]));
    return { ...live, ...(live["spec"] === undefined ? {} : { spec }) };
  }

  #podFrom(draft: Draft, live: JsonMap): JsonMap {
    const manifest =
      this.#manifestOf("pods", draft.name, draft.namespace) ?? this.#templateOfOwner(draft, live);
    const spec = mapOf(live["spec"]);
    if (manifest === undefined) return { ...live, spec: { containers: [], ...spec } };
    this.#filled++;
    const template = mapOf(manifest["spec"]);
    if (draft.described === undefined)
      return { ...live, spec: merged({ containers: [], ...template }, spec) };
    return { ...live, spec: podWithHidden(spec, template) };
  }

  /** The template in the manifest of the workload that made the pod, by way of its ReplicaSet. */
  #templateOfOwner(draft: Draft, live: JsonMap): JsonMap | undefined {
    let owner = ownerOf(live);
    for (let step = 0; owner !== undefined && step < 2; step++) {
      const { resource, name } = owner;
      const manifest = this.#manifestOf(resource, name, draft.namespace);
      const template = mapOf(manifest?.["spec"])["template"];
      if (template !== undefined) return mapOf(template);
      const parent = this.#drafts.get(keyOf(resource, name, draft.namespace));
      owner = parent === undefined ? undefined : ownerOf(parent.whole ?? parent.described ?? {});
    }
    return undefined;
  }

  #manifestOf(resource: Resource, name: string, namespace: string | undefined): JsonMap | undefined {
    return (
      this.#manifests.get(keyOf(resource, name, namespace)) ??
      this.#manifests.get(keyOf(resource, name, undefined))
    );
  }
}

const keyOf = (resource: Resource, name: string, namespace: string | undefined): string =>
  `${resource} ${namespace ?? ""}/${name}`;

const owners: Readonly<Record<string, Resource>> = {
  DaemonSet: "daemonsets",
  Deployment: "deployments",
  Job: "jobs",
  ReplicaSet: "replicasets",
  Rollout: "rollouts",
  StatefulSet: "statefulsets",
};

function ownerOf(object: JsonMap): { resource: Resource; name: string } | undefined {
  const [owner] = mapsOf(mapOf(object["metadata"])["ownerReferences"]);
  const resource = owners[textOf(owner?.["kind"]) ?? ""];
  const name = textOf(owner?.["name"]);
  return resource === undefined || name === undefined ? undefined : { resource, name };
}
