import { mediaTypes } from "./accept.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { apiVersionOf, readVerbs, type ServedResource } from "./served.ts";
import { failure } from "./status.ts";

/** Review resources: created, never stored. */
const reviewGroup = { group: "authorization.k8s.io", version: "v1" };
const reviewKinds = ["SelfSubjectAccessReview", "SelfSubjectRulesReview"];

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Answers a discovery path, or undefined when the path is none. */
export function discover(cluster: Cluster, path: string, accept: string): Answer | undefined {
  const parts = path.split("/").filter((p) => p !== "");
  if (path === "/version") return jsonAnswer(versionInfo(cluster.settings.version));
  if (path === "/healthz" || path === "/livez" || path === "/readyz")
    return { code: 200, contentType: "text/plain", body: ["ok"] };
  const served = cluster.served();
  if (parts.length === 1 && parts[0] === "api") return aggregated(served, accept, true) ?? coreVersions();
  if (parts.length === 1 && parts[0] === "apis")
    return aggregated(served, accept, false) ?? groupList(served);
  if (parts.length === 2 && parts[0] === "api")
    return resourceList(served, { group: "", version: parts[1] ?? "" });
  if (parts.length === 2 && parts[0] === "apis") return oneGroup(served, parts[1] ?? "");
  if (parts.length === 3 && parts[0] === "apis")
    return resourceList(served, { group: parts[1] ?? "", version: parts[2] ?? "" });
  return undefined;
}

function versionInfo(gitVersion: string): object {
  const [major = "1", minor = "0"] = gitVersion.replace(/^v/, "").split(".");
  return {
    major,
    minor,
    gitVersion,
    gitCommit: "",
    gitTreeState: "clean",
    buildDate: "1970-01-01T00:00:00Z",
    goVersion: "",
    compiler: "",
    platform: "linux/amd64",
  };
}

const coreVersions = (): Answer =>
  jsonAnswer({ kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] });

function groupVersions(served: readonly ServedResource[]): GroupVersion[] {
  const groups = new Map<string, GroupVersion>();
  for (const s of served) if (s.group !== "") groups.set(s.group, { group: s.group, version: s.version });
  groups.set(reviewGroup.group, reviewGroup);
  return [...groups.values()];
}

function groupOf({ group, version }: GroupVersion): object {
  const preferred = { groupVersion: `${group}/${version}`, version };
  return { name: group, versions: [preferred], preferredVersion: preferred };
}

const groupList = (served: readonly ServedResource[]): Answer =>
  jsonAnswer({ kind: "APIGroupList", apiVersion: "v1", groups: groupVersions(served).map(groupOf) });

function oneGroup(served: readonly ServedResource[], name: string): Answer {
  const found = groupVersions(served).find((g) => g.group === name);
  if (found === undefined) throw notFoundPage();
  return jsonAnswer({ kind: "APIGroup", apiVersion: "v1", ...groupOf(found) });
}

/** Outside its resources the API server answers in plain words; clients see the reason NotFound all the same. */
export const notFoundPage = () => failure(404, "NotFound", "404 page not found");

function resourceList(served: readonly ServedResource[], at: GroupVersion): Answer {
  const resources = served
    .filter((s) => s.group === at.group && s.version === at.version)
    .flatMap(resourceRows);
  if (at.group === reviewGroup.group && at.version === reviewGroup.version) resources.push(...reviewRows());
  if (resources.length === 0) throw notFoundPage();
  return jsonAnswer({ kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(at), resources });
}

function resourceRows(s: ServedResource): object[] {
  const { kind, namespaced } = s;
  const row = {
    name: s.plural,
    singularName: s.singular,
    namespaced,
    kind,
    verbs: readVerbs,
    ...(s.shortNames.length === 0 ? {} : { shortNames: s.shortNames }),
    ...(s.categories.length === 0 ? {} : { categories: s.categories }),
  };
  const below = s.subresources.map((sub) => ({
    name: `${s.plural}/${sub}`,
    singularName: "",
    namespaced,
    kind,
    verbs: ["get"],
  }));
  return [row, ...below];
}

const reviewRows = (): object[] =>
  reviewKinds.map((kind) => ({
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ["create"],
  }));

/** Aggregated discovery (KEP-3352), when the client asks for it: every group in one answer. */
function aggregated(served: readonly ServedResource[], accept: string, core: boolean): Answer | undefined {
  const asked = mediaTypes(accept).find(
    ({ params }) =>
      params.get("g") === "apidiscovery.k8s.io" && ["v2", "v2beta1"].includes(params.get("v") ?? ""),
  );
  const version = asked?.params.get("v");
  if (version === undefined) return undefined;
  const groups: GroupVersion[] = core ? [{ group: "", version: "v1" }] : groupVersions(served);
  const answer = jsonAnswer({
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: groups.map((g) => aggregatedGroup(served, g)),
  });
  return {
    ...answer,
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  };
}

function aggregatedGroup(served: readonly ServedResource[], at: GroupVersion): object {
  const resources = served.filter((s) => s.group === at.group).map((s) => aggregatedResource(s));
  if (at.group === reviewGroup.group) resources.push(...reviewKinds.map(aggregatedReview));
  return {
    metadata: at.group === "" ? {} : { name: at.group },
    versions: [{ version: at.version, resources, freshness: "Current" }],
  };
}

function aggregatedResource(s: ServedResource): object {
  const responseKind = { group: s.group, version: s.version, kind: s.kind };
  return {
    resource: s.plural,
    responseKind,
    scope: s.namespaced ? "Namespaced" : "Cluster",
    singularResource: s.singular,
    verbs: readVerbs,
    shortNames: s.shortNames,
    categories: s.categories,
    subresources: s.subresources.map((subresource) => ({ subresource, responseKind, verbs: ["get"] })),
  };
}

const aggregatedReview = (kind: string): object => ({
  resource: `${kind.toLowerCase()}s`,
  responseKind: { ...reviewGroup, kind },
  scope: "Cluster",
  singularResource: kind.toLowerCase(),
  verbs: ["create"],
});
