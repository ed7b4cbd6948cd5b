import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type ContainerLogs, openContainerLogs } from "../../../lab/kubelet/container-logs.ts";
import { openLineSplitter } from "../../../lab/kubelet/line-splitter.ts";
import type { ServedCluster } from "../../../lab/api-server/serve.ts";
import type { KubeObject } from "../../../lab/api-server/stored-object.ts";
import { read, readJson, start } from "../clusters.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const startMs = Date.parse("2026-11-24T12:00:00Z");

/** Every line is a second later than the one before. */
function openLogs(): ContainerLogs {
  const folder = mkdtempSync(join(tmpdir(), "why5xx-logs-"));
  folders.push(folder);
  let seconds = 0;
  return openContainerLogs(folder, () => startMs + 1000 * seconds++ + 0.25);
}

const life = (n: number) => ({
  containerId: `containerd://${n}`,
  namespace: "shop",
  pod: "live",
  uid: "u",
  container: "app",
  restarts: n,
});

const ended = (n: number) => ({ terminated: { exitCode: 1, containerID: `containerd://${n}` } });

function put({ store }: ServedCluster, state: object, lastState: object, containerID: string): void {
  const status = { containerStatuses: [{ name: "app", state, lastState, containerID }] };
  store.put("pods", {
    metadata: { name: "live", namespace: "shop" },
    spec: { nodeName: "worker-1", containers: [{ name: "app" }] },
    status,
  } as KubeObject);
}

const log = "/api/v1/namespaces/shop/pods/live/log?container=app";
const textOf = async (cluster: ServedCluster, query = ""): Promise<string> =>
  (await read(cluster, `${log}${query}`)).text;

test("the log of the life that runs, and of the one before", async () => {
  const logs = openLogs();
  const cluster = await start({ logSource: logs });
  const first = logs.open(life(0));
  first.write("stdout", Buffer.from("one\ntw"));
  first.write("stderr", Buffer.from("oops\n"));
  first.write("stdout", Buffer.from("o"));
  first.end();
  put(cluster, ended(0), {}, "containerd://0");
  expect(await textOf(cluster)).toBe("one\noops\ntwo\n");
  expect(await readJson(cluster, `${log}&previous=true`)).toMatchObject({
    code: 400,
    message: 'previous terminated container "app" in pod "live" not found',
  });

  put(cluster, { waiting: { reason: "CrashLoopBackOff" } }, ended(0), "containerd://0");
  expect(await textOf(cluster)).toBe("one\noops\ntwo\n");
  expect(await textOf(cluster, "&previous=true&timestamps=true&tailLines=1")).toBe(
    "2026-11-24T12:00:02.000250000Z two\n",
  );

  logs.open(life(1)).write("stdout", Buffer.from("again\n"));
  put(cluster, { running: {} }, ended(0), "containerd://1");
  expect(await textOf(cluster)).toBe("again\n");
  expect(await textOf(cluster, "&previous=true")).toBe("one\noops\ntwo\n");
  logs.drop("containerd://0");
  expect((await read(cluster, `${log}&previous=true`)).code).toBe(500);
});

test.each([
  ["", "1\n2\n3\n"],
  ["&timestamps=true&tailLines=1", "2026-11-24T12:00:01.000250000Z 2\n2026-11-24T12:00:02.000250000Z 3\n"],
])("a followed log grows with the container, and ends with it: %s", async (query, expected) => {
  const logs = openLogs();
  const cluster = await start({ logSource: logs });
  const writer = logs.open(life(0));
  put(cluster, { running: {} }, {}, "containerd://0");
  writer.write("stdout", Buffer.from("1\n2\n"));
  const following = read(cluster, `${log}&follow=true${query}`);
  await expect.poll(() => cluster.requests[0]?.bytes).toBeGreaterThan(0);
  writer.write("stdout", Buffer.from("3\n"));
  writer.end();
  expect(await following).toMatchObject({ text: expected, complete: true });
});

test("lines, however the bytes come", () => {
  const lines: [string, boolean][] = [];
  const splitter = openLineSplitter((line, isWhole) => lines.push([line.toString(), isWhole]));
  for (const text of ["a", "b\n\nc", "\nd"]) splitter.write(Buffer.from(text));
  splitter.end();
  splitter.end();
  expect(lines).toEqual([
    ["ab", true],
    ["", true],
    ["c", true],
    ["d", true],
  ]);
  lines.length = 0;
  splitter.write(Buffer.alloc(40_000, "y"));
  splitter.write(Buffer.from("\n"));
  expect(lines.map(([line, isWhole]) => [line.length, isWhole])).toEqual([
    [16_384, false],
    [16_384, false],
    [7232, true],
  ]);
});
