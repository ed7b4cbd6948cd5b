import { mediaTypes } from "./accept.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import type { Cluster } from "./cluster.ts";
import { discovered, type DiscoveredKind, type DiscoveredResource } from "./discovered.ts";
import { apiVersionOf } from "./served.ts";
import { failure } from "./status.ts";

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

type Discovered = readonly DiscoveredResource[];

/** Answers a discovery path, or undefined when the path is none. */
export function discover(cluster: Cluster, path: string, accept: string): Answer | undefined {
  const parts = path.split("/").filter((p) => p !== "");
  if (path === "/version") return jsonAnswer(versionInfo(cluster.settings.version));
  if (path === "/healthz" || path === "/livez" || path === "/readyz")
    return { code: 200, contentType: "text/plain", body: ["ok"] };
  const all = discovered(cluster);
  if (parts.length === 1 && parts[0] === "api") return aggregated(all, accept, true) ?? coreVersions();
  if (parts.length === 1 && parts[0] === "apis") return aggregated(all, accept, false) ?? groupList(all);
  if (parts.length === 2 && parts[0] === "api")
    return resourceList(all, { group: "", version: parts[1] ?? "" });
  if (parts.length === 2 && parts[0] === "apis") return oneGroup(all, parts[1] ?? "");
  if (parts.length === 3 && parts[0] === "apis")
    return resourceList(all, { group: parts[1] ?? "", version: parts[2] ?? "" });
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

/** Groups with their versions, the preferred one first. */
function groupsOf(all: Discovered): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const { group, version } of all) {
    const versions = groups.get(group) ?? [];
    if (!versions.includes(version)) groups.set(group, [...versions, version]);
  }
  groups.delete("");
  return groups;
}

function groupOf([group, versions]: readonly [string, readonly string[]]): object {
  const named = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }));
  return { name: group, versions: named, preferredVersion: named[0] };
}

const groupList = (all: Discovered): Answer =>
  jsonAnswer({ kind: "APIGroupList", apiVersion: "v1", groups: [...groupsOf(all)].map(groupOf) });

function oneGroup(all: Discovered, name: string): Answer {
  const versions = groupsOf(all).get(name);
  if (versions === undefined) throw notFoundPage();
  return jsonAnswer({ kind: "APIGroup", apiVersion: "v1", ...groupOf([name, versions]) });
}

/** Outside its resources the API server answers in plain words; clients see the reason NotFound all the same. */
export const notFoundPage = () => failure(404, "NotFound", "404 page not found");

function resourceList(all: Discovered, at: GroupVersion): Answer {
  const resources = all.filter((s) => s.group === at.group && s.version === at.version).flatMap(resourceRows);
  if (resources.length === 0) throw notFoundPage();
  return jsonAnswer({ kind: "APIResourceList", apiVersion: "v1", groupVersion: apiVersionOf(at), resources });
}

function resourceRows(s: DiscoveredResource): object[] {
  const { kind, namespaced } = s;
  const row = {
    name: s.plural,
    singularName: s.singular,
    namespaced,
    kind,
    verbs: s.verbs,
    ...(s.shortNames.length === 0 ? {} : { shortNames: s.shortNames }),
    ...(s.categories.length === 0 ? {} : { categories: s.categories }),
  };
  const below = s.subresources.map((sub) => ({
    name: `${s.plural}/${sub.name}`,
    singularName: "",
    namespaced,
    ...(sub.group === s.group && sub.version === s.version ? {} : { group: sub.group, version: sub.version }),
    kind: sub.kind,
    verbs: sub.verbs,
  }));
  return [row, ...below];
}

/** Aggregated discovery (KEP-3352), when the client asks for it: every group in one answer. */
function aggregated(all: Discovered, accept: string, core: boolean): Answer | undefined {
  const asked = mediaTypes(accept).find(
    ({ params }) =>
      params.get("g") === "apidiscovery.k8s.io" && ["v2", "v2beta1"].includes(params.get("v") ?? ""),
  );
  const version = asked?.params.get("v");
  if (version === undefined) return undefined;
  const groups = core ? new Map([["", ["v1"]]]) : groupsOf(all);
  const answer = jsonAnswer({
    kind: "APIGroupDiscoveryList",
    apiVersion: `apidiscovery.k8s.io/${version}`,
    metadata: {},
    items: [...groups].map(([group, versions]) => aggregatedGroup(all, group, versions)),
  });
  return {
    ...answer,
    contentType: `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`,
  };
}

function aggregatedGroup(all: Discovered, group: string, versions: readonly string[]): object {
  return {
    metadata: group === "" ? {} : { name: group },
    versions: versions.map((version) => ({
      version,
      resources: all.filter((s) => s.group === group && s.version === version).map(aggregatedResource),
      freshness: "Current",
    })),
  };
}

const responseKind = ({ group, version, kind }: DiscoveredKind) => ({ group, version, kind });

function aggregatedResource(s: DiscoveredResource): object {
  return {
    resource: s.plural,
    responseKind: responseKind(s),
    scope: s.namespaced ? "Namespaced" : "Cluster",
    singularResource: s.singular,
    verbs: s.verbs,
    shortNames: s.shortNames,
    categories: s.categories,
    subresources: s.subresources.map((sub) => ({
      subresource: sub.name,
      responseKind: responseKind(sub),
      verbs: sub.verbs,
    })),
  };
}
