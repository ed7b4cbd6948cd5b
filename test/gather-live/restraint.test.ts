import { expect, test } from "vitest";
import { serveCluster } from "../../lab/api-server/serve.ts";
import { list, nameOf } from "../../src/evidence/evidence.ts";
import { gatherCluster } from "../../src/gather/sources/cluster.ts";
import { parseTarget } from "../../src/target/target.ts";
import { gatherFrom } from "./gather.ts";
import { gatewayPod, ingress, service, shopCluster, slice } from "./shop.ts";

const shop = shopCluster();

test("at most eight calls are under way at once", async () => {
  const served = await serveCluster(shop, { faults: [{ match: {}, answer: { delayMs: 40 } }] });
  let most = 0;
  const sampling = setInterval(() => {
    most = Math.max(most, served.requests.filter((r) => r.durationMs === undefined).length);
  }, 5);
  await gatherCluster(
    { kubeconfig: served.kubeconfigPath },
    parseTarget("shop.example.com/cart"),
    () => undefined,
  );
  clearInterval(sampling);
  await served.close();
  expect(most).toBe(8);
});

test("nothing is asked twice, even when the gateway lives in the route's namespace", async () => {
  const cluster = shopCluster({
    ingresses: [ingress("ingress-nginx", "own", "own.example.com", "/", "ingress-nginx-controller")],
  });
  const { requests } = await gatherFrom(cluster, "own.example.com/");
  const urls = requests.map((r) => r.url);
  expect(urls.filter((url, i) => urls.indexOf(url) !== i)).toEqual([]);
});

test.each([
  "kube-system/../secrets/token",
  "../../secrets/token",
  "a/b/c",
  "%2e%2e/x",
  "shop/x?watch=1",
  "/",
])("a ConfigMap flag of %s is no way to another path", async (flag) => {
  const pods = (shop.objects.pods ?? []).map((pod) => {
    if (nameOf(pod) !== gatewayPod) return pod;
    const [container] = pod.spec?.containers ?? [];
    const args = ["/nginx-ingress-controller", `--configmap=${flag}`];
    return { ...pod, spec: { ...pod.spec, containers: [{ name: "controller", ...container, args }] } };
  });
  const { requests } = await gatherFrom(shopCluster({ pods }), "shop.example.com/cart");
  expect(
    requests.filter((r) => /secrets|\.\.|%2e|watch=|\/configmaps\/?$/i.test(r.url)).map((r) => r.url),
  ).toEqual([]);
});

test("of two reads by label in one namespace, one failed: the namespace counts as not read", async () => {
  const many = Array.from({ length: 150 }, (_, i) => slice("shop", `other-${i}`, []));
  const cluster = shopCluster({
    services: [...(shop.objects.services ?? []), service("shop", "payments", { app: "payments" })],
    endpointslices: [...(shop.objects.endpointslices ?? []), ...many],
  });
  const slices = { resource: "endpointslices", namespace: "shop" };
  const whole = await gatherFrom(cluster, "shop.example.com/cart");
  const half = await gatherFrom(cluster, "shop.example.com/cart", {
    serve: { faults: [{ match: { ...slices, nth: 3 }, answer: 403 }] },
  });
  if (whole.evidence === undefined || half.evidence === undefined) throw new Error("no evidence");
  expect(list(whole.evidence, "endpointslices", "shop").state).toBe("present");
  expect(list(half.evidence, "endpointslices", "shop")).toMatchObject({
    state: "unknown",
    reason: "forbidden: cannot list endpointslices in namespace shop",
  });
});
