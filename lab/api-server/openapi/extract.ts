import { readFileSync, writeFileSync } from "node:fs";
import { allStoredResources, storedKinds } from "../stored-kinds.ts";

/**
 * `node lab/api-server/openapi/extract.ts SWAGGER_JSON`: makes kubernetes.json from the OpenAPI document that Kubernetes
 * publishes (kubernetes/kubernetes api/openapi-spec/swagger.json, Apache-2.0): definitions of the stored kinds and of
 * what is posted to their subresources, without descriptions, one a line.
 */
interface Definition {
  readonly "x-kubernetes-group-version-kind"?: readonly { group: string; version: string; kind: string }[];
  readonly [field: string]: unknown;
}
type Definitions = Readonly<Record<string, Definition>>;

const besideStored = [
  { group: "", version: "v1", kind: "Binding" },
  { group: "autoscaling", version: "v1", kind: "HorizontalPodAutoscaler" },
  { group: "autoscaling", version: "v1", kind: "Scale" },
  { group: "policy", version: "v1", kind: "Eviction" },
  { group: "events.k8s.io", version: "v1", kind: "Event" },
  { group: "", version: "v1", kind: "DeleteOptions" },
];

function reachable(all: Definitions): Definitions {
  const roots = [...allStoredResources.map((resource) => storedKinds[resource]), ...besideStored];
  const found = new Map<string, Definition>();
  const visit = (name: string): void => {
    const definition = all[name];
    if (definition === undefined || found.has(name)) return;
    found.set(name, definition);
    for (const [, reference = ""] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g))
      visit(reference);
  };
  for (const [name, { "x-kubernetes-group-version-kind": kinds = [] }] of Object.entries(all))
    if (
      kinds.some((k) =>
        roots.some((r) => r.group === k.group && r.version === k.version && r.kind === k.kind),
      )
    )
      visit(name);
  return Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const plain = (definition: Definition): string =>
  JSON.stringify(definition, (key, value: unknown) =>
    key === "description" && typeof value === "string" ? undefined : value,
  );

const { definitions } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as {
  definitions: Definitions;
};
const lines = Object.entries(reachable(definitions)).map(
  ([name, definition]) => `${JSON.stringify(name)}:${plain(definition)}`,
);
writeFileSync(new URL("kubernetes.json", import.meta.url), `{\n${lines.join(",\n")}\n}\n`);
