import type { Pod } from "kubernetes-types/core/v1";
import { expect, test } from "vitest";
import { indexPods, logPlace } from "../../src/gather/bundle/log-place.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { onDisk } from "./disk.ts";

const pod = (name: string, namespace: string, ...containers: string[]): Pod => ({
  metadata: { name, namespace },
  spec: { containers: containers.map((container) => ({ name: container, image: "x" })) },
});
const pods = indexPods([
  pod("web-0", "shop", "app", "proxy"),
  pod("db", "shop", "postgres"),
  pod("same", "a", "app"),
  pod("same", "b", "app"),
]);
const id = "0123456789abcdef".repeat(4);

test.each([
  ["logs/shop/web-0/app.log", "shop web-0 app"],
  ["x/shop/web-0/app-previous.log", "shop web-0 app previous"],
  ["x/shop/web-0/app.previous.log", "shop web-0 app previous"],
  ["x/shop/web-0/app.log.gz", "shop web-0 app"],
  ["anything/other/gone-7d9c6b5f4-x2x4z/app.log", "other gone-7d9c6b5f4-x2x4z app"],
  ["logs/other/gone/app.log", "other gone app"],
  ["x/web-0/proxy.log", "shop web-0 proxy"],
  ["db.log", "shop db postgres"],
  ["db-previous.log", "shop db postgres previous"],
  ["web-0.log", "shop web-0 -"],
  ["web-0-proxy.log", "shop web-0 proxy"],
  ["shop_db.log", "shop db postgres"],
  ["b/same.log", "b same app"],
  [`var/log/containers/web-0_shop_app-${id}.log`, "shop web-0 app"],
  ["web-0_shop_app.log", "shop web-0 app"],
  ["var/log/pods/shop_web-0_11111111-2222-3333-4444-555555555555/app/0.log", "shop web-0 app"],
  ["m/namespaces/ns/pods/p-1/c/c/logs/current.log", "ns p-1 c"],
  ["m/namespaces/ns/pods/p-1/c/c/logs/previous.log", "ns p-1 c previous"],
  ["m/namespaces/ns/pods/p-1/c/c/logs/previous.insecure.log", "ns p-1 c previous"],
  ["m/namespaces/ns/pods/p-1/c/c/logs/rotated/0.log.20261118-082023.gz", "ns p-1 c"],
])("%s", (path, expected) => {
  const place = logPlace(path, pods);
  expect(
    [place?.namespace, place?.pod, place?.container ?? "-"].join(" ") + (place?.previous ? " previous" : ""),
  ).toBe(expected);
});

test.each([
  "access.log",
  "nginx/access.log",
  "var/log/nginx/error.log",
  "same.log",
  "same/app.log",
  "a/b/c.log",
])("%s is no pod's", (path) => {
  expect(logPlace(path, pods)).toBeUndefined();
});

test("logs of no pod are the gateway's, by their name of access or of errors", async () => {
  const line = "2026-11-18T10:00:00Z x\n";
  const read = await openSource(
    onDisk({ "nginx/access.log": line, "nginx/error.log.1": line, "haproxy.log-20261118": line }),
  );
  expect(read.logs.map(({ name, role, pod }) => [name, role, pod])).toEqual([
    ["haproxy.log-20261118", "access-log", undefined],
    ["nginx/access.log", "access-log", undefined],
    ["nginx/error.log.1", "error-log", undefined],
  ]);
});
