import { readFileSync } from "node:fs";
import { ownFile } from "../../own-file.ts";
import { storedKinds, type StoredResource } from "../stored-kinds.ts";

/** An OpenAPI v2 schema with Kubernetes' extensions. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly items?: Schema;
  readonly required?: readonly string[];
  readonly "x-kubernetes-group-version-kind"?: readonly GroupVersionKind[];
  readonly "x-kubernetes-list-type"?: "atomic" | "map" | "set";
  readonly "x-kubernetes-list-map-keys"?: readonly string[];
  readonly "x-kubernetes-map-type"?: "atomic" | "granular";
  readonly "x-kubernetes-patch-merge-key"?: string;
  readonly "x-kubernetes-patch-strategy"?: string;
}

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export type Definitions = Readonly<Record<string, Schema>>;

let loaded: Definitions | undefined;

/** Definitions of Kubernetes v1.36's OpenAPI document, read at first use. */
export function definitions(): Definitions {
  loaded ??= JSON.parse(readFileSync(ownFile("api-server/openapi/kubernetes.json"), "utf8")) as Definitions;
  return loaded;
}

const prefix = "#/definitions/";
const resolvedSchemas = new WeakMap<Schema, Schema>();

/** The schema a reference stands for, with what is written beside the reference. */
export function resolved(schema: Schema): Schema {
  if (schema.$ref === undefined) return schema;
  let found = resolvedSchemas.get(schema);
  if (found === undefined) {
    const { $ref, ...beside } = schema;
    found = { ...definitions()[$ref.slice(prefix.length)], ...beside };
    resolvedSchemas.set(schema, found);
  }
  return found;
}

/** "io.k8s.api.apps.v1.DeploymentSpec" of a reference to it. */
export const definitionName = (schema: Schema): string => (schema.$ref ?? "").slice(prefix.length);

/** "DeploymentSpec" of a reference to io.k8s.api.apps.v1.DeploymentSpec. */
export const structName = (schema: Schema): string => (schema.$ref ?? "").split(".").at(-1) ?? "";

const byResource = new Map<StoredResource, Schema | undefined>();

/** Schema of a resource's objects; undefined for kinds that Kubernetes itself does not define. */
export function schemaOf(resource: StoredResource): Schema | undefined {
  if (!byResource.has(resource)) byResource.set(resource, schemaOfKind(storedKinds[resource]));
  return byResource.get(resource);
}

/** Schema of any kind that the document has. */
export function schemaOfKind({ group, version, kind }: GroupVersionKind): Schema | undefined {
  const entry = Object.entries(definitions()).find(([, schema]) =>
    schema["x-kubernetes-group-version-kind"]?.some(
      (k) => k.group === group && k.version === version && k.kind === kind,
    ),
  );
  return entry === undefined ? undefined : { $ref: `${prefix}${entry[0]}` };
}
