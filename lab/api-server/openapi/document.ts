import { allStoredResources, storedKinds } from "../stored-kinds.ts";
import { definitions, type Definitions, type GroupVersionKind } from "./schema.ts";

/** An OpenAPI v2 document with what clients of the API look at. */
export interface OpenApiDocument {
  readonly swagger: "2.0";
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, { readonly patch: PatchOperation }>>;
  readonly definitions: Definitions;
}

/** Kubectl asks it which kinds can be patched with a dry run and with field validation. */
export interface PatchOperation {
  readonly operationId: string;
  readonly parameters: readonly QueryParameter[];
  readonly responses: { readonly "200": { readonly description: string } };
  readonly "x-kubernetes-action": "patch";
  readonly "x-kubernetes-group-version-kind": GroupVersionKind;
}

interface QueryParameter {
  readonly name: string;
  readonly in: "query";
  readonly type: string;
  readonly uniqueItems: true;
}

const parameter = (name: string, type = "string"): QueryParameter => ({
  name,
  in: "query",
  type,
  uniqueItems: true,
});

const parameters = [
  parameter("dryRun"),
  parameter("fieldManager"),
  parameter("fieldValidation"),
  parameter("force", "boolean"),
];

export const openApiDocument = (version: string): OpenApiDocument => ({
  swagger: "2.0",
  info: { title: "Kubernetes", version },
  paths: Object.fromEntries(
    allStoredResources.map((resource) => {
      const { group, version: v, kind, namespaced } = storedKinds[resource];
      const base = group === "" ? `/api/${v}` : `/apis/${group}/${v}`;
      const path = `${base}${namespaced ? "/namespaces/{namespace}" : ""}/${resource}/{name}`;
      const patch: PatchOperation = {
        operationId: `patch${kind}`,
        parameters,
        responses: { "200": { description: "OK" } },
        "x-kubernetes-action": "patch",
        "x-kubernetes-group-version-kind": { group, version: v, kind },
      };
      return [path, { patch }];
    }),
  ),
  definitions: definitions(),
});
