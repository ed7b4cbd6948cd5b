import { expect, test } from "vitest";
import { get, list } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { onDisk } from "./disk.ts";
import { mustGatherFiles, plainFiles, supportBundleFiles } from "./layouts.ts";

const unknownReason = (observed: { state: string; reason?: string }): string | undefined =>
  observed.state === "unknown" ? observed.reason : `state is ${observed.state}`;

const broken = (files: Record<string, string | Buffer>, path: string): Record<string, string | Buffer> => ({
  ...files,
  [path]: String(files[path]).slice(0, 300),
});

const service = (extra: object, metadata: object = {}): string =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "web", namespace: "shop", ...metadata },
    ...extra,
  });

test("support bundle: an errors file makes its namespaces unknown, with the server's words", async () => {
  const { "cluster-resources/services/shop.json": _, ...files } = supportBundleFiles();
  const read = await openSource(
    onDisk({
      ...files,
      "cluster-resources/services-errors.json": '{"shop": "services is forbidden: User \\"x\\" cannot list"}',
      "cluster-resources/storage-classes-errors.json": '["storageclasses is forbidden"]',
      "cluster-resources/pod-disruption-budgets-errors.json": '{"": "discovery failed"}',
    }),
  );
  expect(unknownReason(list(read, "services", "shop"))).toBe('services is forbidden: User "x" cannot list');
  expect(list(read, "services", "ingress-nginx").state).toBe("present");
  expect(unknownReason(list(read, "storageclasses"))).toBe("storageclasses is forbidden");
  expect(unknownReason(list(read, "poddisruptionbudgets", "shop"))).toBe("discovery failed");
});

test("support bundle: namespaces asked for by name are no list of all", async () => {
  const files = supportBundleFiles();
  const namespaces = JSON.parse(String(files["cluster-resources/namespaces.json"])) as { items: object[] };
  const read = await openSource(
    onDisk({
      ...files,
      "cluster-resources/namespaces.json": JSON.stringify([namespaces.items[1]]),
      "cluster-resources/namespaces-errors.json": '["namespaces \\"gone\\" not found"]',
    }),
  );
  expect(get(read, "namespaces", "shop").state).toBe("present");
  expect(get(read, "namespaces", "ingress-nginx").state).toBe("unknown");
});

test("support bundle: no Rollouts when the definitions were read and nothing failed", async () => {
  const files = {
    ...supportBundleFiles(),
    "cluster-resources/custom-resource-definitions.json": '{"items": []}',
  };
  expect(list(await openSource(onDisk(files)), "rollouts", "shop")).toEqual({ state: "present", value: [] });
  const errors = {
    "cluster-resources/custom-resources/custom-resources-errors.json": '{"rollouts.argoproj.io": "no"}',
  };
  expect(list(await openSource(onDisk({ ...files, ...errors })), "rollouts", "shop").state).toBe("unknown");
});

test("support bundle: custom resources we know, in either form", async () => {
  const rollout = {
    apiVersion: "argoproj.io/v1alpha1",
    kind: "Rollout",
    metadata: { name: "web", namespace: "shop" },
  };
  const at = "cluster-resources/custom-resources/rollouts.argoproj.io/shop";
  const asJson = await openSource(
    onDisk({ ...supportBundleFiles(), [`${at}.json`]: JSON.stringify([rollout]) }),
  );
  expect(asJson.objects.rollouts).toEqual([rollout]);
  const yaml =
    "- apiVersion: argoproj.io/v1alpha1\n  kind: Rollout\n  metadata:\n    name: web\n    namespace: shop\n";
  const asYaml = await openSource(onDisk({ ...supportBundleFiles(), [`${at}.yaml`]: yaml }));
  expect(asYaml.objects.rollouts).toEqual([rollout]);
});

test("support bundle: a log that could not be had keeps the reason, other collectors' logs are found", async () => {
  const read = await openSource(
    onDisk({
      ...supportBundleFiles(),
      "cluster-resources/pods/logs/shop/web-1/app-logs-errors.log":
        "failed to get log stream: container is waiting",
      "my-logs/shop/web-2/app.log": "hello\n",
      "my-logs/cart-0/app.log": "the same log under another name\n",
      "host-collectors/journal.log": "not a pod's\n",
    }),
  );
  const named = (pod: string): object[] => read.logs.filter((log) => log.pod === pod);
  expect(named("web-1")).toEqual([
    expect.objectContaining({ container: "app", reason: "failed to get log stream: container is waiting" }),
  ]);
  expect(named("cart-0")).toHaveLength(2);
  expect(read.logs.map((log) => log.name)).not.toContain("host-collectors/journal.log");
});

test("one broken file of many: its list is unknown, the rest is used, the loss is said", async () => {
  const bundle = await openSource(onDisk(broken(supportBundleFiles(), "cluster-resources/pods/shop.json")));
  expect(unknownReason(list(bundle, "pods", "shop"))).toMatch(
    /^cluster-resources\/pods\/shop\.json: broken JSON/,
  );
  expect(list(bundle, "services", "shop").state).toBe("present");
  expect(bundle.losses).toEqual([expect.objectContaining({ what: "cluster-resources/pods/shop.json" })]);

  const top = "registry-example-com-must-gather-sha256-0f1e2d";
  const path = `${top}/namespaces/shop/core/services.yaml`;
  const gather = await openSource(
    onDisk({ ...mustGatherFiles(), [path]: "items:\n- kind: Service\n  metadata: [\n" }),
  );
  expect(unknownReason(list(gather, "services", "shop"))).toContain("broken YAML");
  expect(list(gather, "pods", "shop").state).toBe("present");
});

test("plain files: a kind that was seen is whole, and only seen when a file of it is broken", async () => {
  const whole = await openSource(onDisk(plainFiles()));
  expect(get(whole, "services", "nope", "shop").state).toBe("absent");
  expect(get(whole, "configmaps", "nope", "shop").state).toBe("unknown");
  const files = { ...plainFiles(), "more.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: [}\n" };
  const partly = await openSource(onDisk(files));
  expect(get(partly, "services", "nope", "shop").state).toBe("unknown");
  expect(list(partly, "services", "shop").state).toBe("present");
  expect(get(partly, "pods", "nope", "shop").state).toBe("absent");
  expect(partly.losses).toEqual([expect.objectContaining({ what: "more.yaml" })]);
});

test("plain files: a template and a broken document do not take the others with them", async () => {
  const read = await openSource(
    onDisk({
      "chart/service.yaml": "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n",
      "chart/values.yaml": "replicas: 3\n",
      "package.json": '{"name": "web", "version": 1',
      "all.yaml":
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n---\nkind: [\n---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: web\n",
    }),
  );
  expect(read.objects.services).toHaveLength(1);
  expect(read.objects.configmaps).toHaveLength(1);
  expect(read.losses.map((loss) => loss.what)).toContain("chart/service.yaml");
  expect(read.losses.find((loss) => loss.what === "chart/service.yaml")?.why).toContain("helm template");
  expect(read.losses.map((loss) => loss.what)).not.toContain("package.json");
});

test("plain files: unknown kinds and files of other things are passed over in silence", async () => {
  const read = await openSource(
    onDisk({
      "a.yaml":
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n  creationTimestamp: 2026-11-18T10:00:00Z\n",
      "crd.yaml": "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n",
      "secret.yaml": "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\nstringData:\n  password: hunter2\n",
      "tsconfig.json": "{ // comments\n}",
    }),
  );
  expect(Object.keys(read.objects)).toEqual(["services"]);
  expect(read.losses).toEqual([]);
  expect(JSON.stringify(read)).not.toContain("hunter2");
});

test("a PodList without items says that there are none", async () => {
  const podList = { kind: "PodList", apiVersion: "v1", items: null };
  const read = await openSource(onDisk({ "pods.json": JSON.stringify(podList), "a.log": "x\n" }));
  expect(list(read, "pods", "shop")).toEqual({ state: "present", value: [] });
});

test("the same object twice: the later version is taken, a live one before its manifest", async () => {
  const read = await openSource(
    onDisk({
      "1.json": service({ spec: { type: "NodePort" } }, { resourceVersion: "99" }),
      "2.json": service({ spec: { type: "ClusterIP" } }, { resourceVersion: "100" }),
      "3.json": service({ spec: { type: "LoadBalancer" } }),
    }),
  );
  expect(read.objects.services?.map((one) => one.spec?.type)).toEqual(["ClusterIP"]);
});
