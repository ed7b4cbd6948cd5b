import { describe, expect, test } from "vitest";
import { shop } from "./shop.ts";
import { namesOf, read, readJson, start } from "./clusters.ts";

const aggregated = { Accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" };
const withRollout = {
  ...shop,
  objects: { ...shop.objects, rollouts: [{ metadata: { name: "cart", namespace: "shop" } }] },
};

interface Group {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources: readonly { readonly resource: string }[];
  }[];
}

describe("discovery", () => {
  test("both ways of asking tell the same groups, versions and resources", async () => {
    const cluster = await start();
    const all = (await readJson(cluster, "/apis", aggregated)).items as unknown as readonly Group[];
    expect(all.length).toBeGreaterThan(8);
    const oneByOne = await Promise.all(
      all.map(async (group) => {
        const version = group.versions[0]?.version ?? "";
        const list = await readJson(cluster, `/apis/${group.metadata.name}/${version}`);
        return (list["resources"] as { name: string }[]).map((r) => r.name).filter((n) => !n.includes("/"));
      }),
    );
    expect(oneByOne).toEqual(all.map((g) => g.versions[0]?.resources.map((r) => r.resource)));
    const names = ((await readJson(cluster, "/apis"))["groups"] as { name: string }[]).map((g) => g.name);
    expect(names).toEqual(all.map((g) => g.metadata.name));
  });

  test("a custom group is there when the evidence holds its objects, and only then", async () => {
    const path = "/apis/argoproj.io/v1alpha1";
    expect((await read(await start(), path)).code).toBe(404);
    expect((await read(await start(), `${path}/rollouts`)).code).toBe(404);
    const cluster = await start({}, withRollout);
    expect((await readJson(cluster, path)).kind).toBe("APIResourceList");
    const list = await readJson(cluster, `${path}/namespaces/shop/rollouts`);
    expect(namesOf(list)).toEqual(["cart"]);
    // Lists of custom objects name the kind of every item; lists of built-in ones do not.
    expect(list.items[0]?.kind).toBe("Rollout");
    expect((await readJson(cluster, "/api/v1/pods")).items[0]?.kind).toBeUndefined();
  });

  test("the version is the one asked for", async () => {
    const cluster = await start({ version: "v1.29.3" });
    expect(await readJson(cluster, "/version")).toMatchObject({
      major: "1",
      minor: "29",
      gitVersion: "v1.29.3",
    });
  });

  test.each([
    "/apis/metrics.k8s.io/v1beta1/pods",
    "/apis/metrics.k8s.io/v1beta1",
    "/apis/apps/v1beta1/deployments",
    "/api/v1/widgets",
    "/api/v1/pods/cart-7d9c5b6f4-aaaaa",
    "/api/v1/namespaces/shop/nodes/worker-1",
    "/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-aaaaa/exec",
    "/openapi/v3",
    "/%zz",
    "/nothing",
  ])("%s is a Status 404", async (path) => {
    expect(await readJson(await start(), path)).toMatchObject({
      kind: "Status",
      code: 404,
      reason: "NotFound",
    });
  });

  test.each(["POST", "PUT", "PATCH", "DELETE"])(
    "%s is refused with 405 and changes nothing",
    async (method) => {
      const cluster = await start();
      const path = "/api/v1/namespaces/shop/pods/cart-7d9c5b6f4-aaaaa";
      const before = cluster.store.revision();
      const write: RequestInit = { method, body: "{}" };
      const answer = await fetch(cluster.url + path, write);
      expect(answer.status).toBe(405);
      expect(await answer.json()).toMatchObject({ kind: "Status", reason: "MethodNotAllowed" });
      expect(cluster.store.revision()).toBe(before);
      expect((await read(cluster, path)).code).toBe(200);
    },
  );

  test("the cluster's clock is the evidence's: answers are dated at the moment of collection", async () => {
    const { headers } = await read(await start(), "/version");
    expect(headers.date).toBe("Wed, 18 Nov 2026 10:30:00 GMT");
  });

  test("namespaces are served even when the evidence has only what lives in them", async () => {
    expect(namesOf(await readJson(await start(), "/api/v1/namespaces"))).toEqual(["shop"]);
  });
});

describe("shapes", () => {
  test("metadata alone", async () => {
    const accept = { Accept: "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1" };
    const list = await readJson(await start(), "/api/v1/namespaces/shop/pods", accept);
    expect(list.kind).toBe("PartialObjectMetadataList");
    expect(Object.keys(list.items[0] ?? {}).sort()).toEqual(["apiVersion", "kind", "metadata"]);
  });

  test("protobuf alone is refused with 406; with JSON after it, JSON comes", async () => {
    const cluster = await start();
    const protobuf = "application/vnd.kubernetes.protobuf";
    expect((await read(cluster, "/api/v1/pods", { Accept: protobuf })).code).toBe(406);
    expect((await read(cluster, "/api/v1/pods", { Accept: `${protobuf}, application/json` })).code).toBe(200);
  });

  test("an object no API server would hold does not cost the table of the others", async () => {
    const broken = { metadata: { name: "broken", namespace: "shop" }, status: { containerStatuses: 7 } };
    const cluster = await start();
    cluster.store.put("pods", broken);
    const accept = { Accept: "application/json;as=Table;g=meta.k8s.io;v=v1" };
    const table = await readJson(cluster, "/api/v1/pods", accept);
    const cells = (table["rows"] as { cells: unknown[] }[]).map((row) => row.cells.slice(0, 4));
    expect(cells).toEqual([
      ["broken", "<invalid>", "<invalid>", "<invalid>"],
      ["cart-7d9c5b6f4-aaaaa", "2/2", "Running", "0"],
      ["cart-7d9c5b6f4-bbbbb", "2/2", "Running", "2 (2m ago)"],
      ["cart-7d9c5b6f4-ccccc", "1/2", "CrashLoopBackOff", "5"],
    ]);
  });
});
