import { readFileSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { list } from "../../src/evidence/evidence.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { archived, filesBelow, folder, onDisk, tarOf } from "./disk.ts";
import { mustGatherFiles, plainFiles, supportBundleFiles } from "./layouts.ts";

const service = JSON.stringify({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace: "shop" },
});

const cut = async (files: object, name: string, part: number): Promise<string> => {
  const path = await archived(files as Record<string, string>, name);
  truncateSync(path, Math.floor(readFileSync(path).length * part));
  return path;
};

const file = (name: string, content: string | Buffer): string => join(onDisk({ [name]: content }), name);
const problem = async (path: string): Promise<string> => {
  const error: unknown = await openSource(path).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ name: "SourceProblem" });
  return (error as Error).message;
};

test("entries that climb out, are absolute or link outside are refused and said", async () => {
  const path = await tarOf([
    { name: "ok/service.json", content: service },
    { name: "../../etc/cron.d/x.json", content: service },
    { name: "/etc/passwd.json", content: service },
    { name: "ok/a/../../../x.json", content: service },
    { name: "ok/passwd.log", type: "symlink", linkname: "/etc/passwd" },
    { name: "ok/up.log", type: "symlink", linkname: "../../shadow" },
    { name: "ok/same.json", type: "symlink", linkname: "service.json" },
    { name: "ok/hard.log", type: "link", linkname: "/etc/shadow" },
  ]);
  const read = await openSource(path);
  expect(read.objects.services).toHaveLength(1);
  expect(read.logs).toEqual([]);
  expect(read.losses.filter((loss) => /refused/.test(loss.why)).map((loss) => loss.what)).toEqual([
    "../../etc/cron.d/x.json",
    "/etc/passwd.json",
    "ok/a/../../../x.json",
    "ok/passwd.log",
    "ok/up.log",
    "ok/hard.log",
  ]);
});

test("links in a folder are not followed out of it", async () => {
  const secret = join(onDisk({ "outside.log": "10:00 secret\n" }), "outside.log");
  const top = onDisk({ "service.json": service });
  symlinkSync(secret, join(top, "a.log"));
  symlinkSync("service.json", join(top, "again.json"));
  const read = await openSource(top);
  expect(read.logs).toEqual([]);
  expect(read.losses.map((loss) => loss.what)).toEqual(["a.log", "moment of collection"]);
});

test("nothing of an archive is unpacked", async () => {
  const path = await archived(supportBundleFiles(), "b.tar.gz");
  await openSource(path);
  expect(Object.keys(filesBelow(join(path, "..")))).toEqual(["b.tar.gz"]);
});

describe("limits", () => {
  const log = Array.from({ length: 1000 }, (_, at) => `line ${at}`).join("\n");
  const wholeLines = /^line \d+\n(line \d+\n)*line 999$/;

  test.each(["folder", "input.tar.gz", "input.tar"])(
    "a long log keeps its newest lines: %s",
    async (form) => {
      const files = { "pod.log": log, "service.json": service };
      const path = form === "folder" ? onDisk(files) : await archived(files, form);
      const [stream] = (await openSource(path, { limits: { logTailBytes: 500 } })).logs;
      const kept = Buffer.from(stream!.bytes!).toString();
      expect(kept).toMatch(wholeLines);
      expect(kept.length).toBeGreaterThan(480);
      expect(stream!.droppedBytes).toBe(log.length - kept.length);
    },
  );

  test("and it is said in the losses", async () => {
    const path = onDisk({ "pod.log": log });
    expect((await openSource(path, { limits: { logTailBytes: 500 } })).losses).toContainEqual(
      expect.objectContaining({ what: "log pod.log" }),
    );
  });

  test.each(["folder", "input.tar.gz"])("a file over the limit makes its list unknown: %s", async (form) => {
    const files = supportBundleFiles();
    const path = form === "folder" ? onDisk(files) : await archived(files, form);
    const read = await openSource(path, { limits: { fileBytes: 1500 } });
    expect(list(read, "pods", "shop")).toMatchObject({
      state: "unknown",
      reason: expect.stringContaining("more than the limit of 1.5 KiB"),
    });
    expect(list(read, "services", "ingress-nginx").state).toBe("present");
  });

  test.each(["folder", "input.tar.gz"])("too many entries: what was listed is used: %s", async (form) => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`${at}.json`, service]));
    const path = form === "folder" ? onDisk(files) : await archived(files, form);
    const read = await openSource(path, { limits: { entries: 10 } });
    expect(read.objects.services).toHaveLength(1);
    expect(read.losses).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining("more than 10") }),
    );
  });

  test("too many bytes in all", async () => {
    const files = { "a.json": service, "b.log": "x".repeat(100_000), "c.log": "y".repeat(100_000) };
    const read = await openSource(await archived(files, "a.tar"), { limits: { totalBytes: 110_000 } });
    expect(read.objects.services).toHaveLength(1);
    expect(read.losses).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining("more than the limit") }),
    );
  });

  test("an archive that expands without end is left early", async () => {
    const bomb = await tarOf([
      { name: "a.json", content: service },
      { name: "b.log", content: Buffer.alloc(64 * 1024 * 1024) },
    ]);
    const read = await openSource(bomb, { limits: { expansion: 100, expansionFromBytes: 8 * 1024 * 1024 } });
    expect(read.objects.services).toHaveLength(1);
    expect(read.losses).toContainEqual(
      expect.objectContaining({ why: expect.stringContaining("expands more than") }),
    );
  });

  test("a rotated log that expands without end", async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024));
    const read = await openSource(onDisk({ "a.json": service, "b.log.1.gz": bomb }), {
      limits: { fileBytes: 1024 * 1024 },
    });
    expect(read.logs).toEqual([
      expect.objectContaining({ reason: expect.stringContaining("cannot be decompressed") }),
    ]);
  });

  test("deep nesting and YAML that multiplies itself", async () => {
    const deep = `{"apiVersion":"v1","kind":"Service","metadata":{"name":"deep"},"spec":${"[".repeat(5000)}${"]".repeat(5000)}}`;
    const laughs = Array.from(
      { length: 9 },
      (_, at) => `a${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(",")}]`,
    );
    const billion = `apiVersion: v1\nkind: Service\nmetadata: {name: b}\na0: &a0 [x]\n${laughs.join("\n")}\n`;
    const read = await openSource(
      onDisk({
        "a.json": service,
        "deep.json": deep,
        "laughs.yaml": billion,
        "deep.yaml": `apiVersion: v1\nspec: ${"[".repeat(20_000)}`,
      }),
    );
    expect(read.objects.services).toHaveLength(1);
    expect(read.losses.map((loss) => loss.what)).toEqual(
      expect.arrayContaining(["deep.json", "laughs.yaml", "deep.yaml"]),
    );
  });
});

describe("cut archives", () => {
  test.each([0.3, 0.5, 0.8, 0.95])(
    "a support bundle cut at %f: nothing that is missing counts as absent",
    async (part) => {
      for (const name of ["b.tar.gz", "b.tar"]) {
        const read = await openSource(await cut(supportBundleFiles(), name, part));
        expect(read.losses[0]?.why).toContain("what was read is used");
        const claimed = (["services", "pods", "events"] as const).filter(
          (resource) => list(read, resource, "shop").state === "present",
        );
        expect(claimed.filter((resource) => read.objects[resource]?.length === undefined)).toEqual([]);
      }
    },
  );

  test("plain files: a kind that was seen is no longer whole", async () => {
    const path = await cut(plainFiles(), "f.tar", 0.5);
    const read = await openSource(path);
    expect(read.coverage.length).toBeGreaterThan(0);
    expect(read.coverage.filter((entry) => entry.extent === "whole")).toEqual([]);
  });

  test("a tar that ends between two entries is seen to be cut", async () => {
    const path = await archived({ "a.json": service, "b.json": service }, "f.tar");
    truncateSync(path, 1024);
    expect((await openSource(path)).losses[0]?.why).toContain("no end mark");
  });

  test("a must-gather whose nodes were cut off does not know all nodes", async () => {
    const path = await cut(mustGatherFiles(), "m.tar", 0.9);
    expect(list(await openSource(path), "nodes").state).toBe("unknown");
  });
});

describe("what cannot be read at all", () => {
  test("says what was looked for, what was seen and what to do", async () => {
    expect(await problem("/no/such/place")).toContain("no such file or folder");
    expect(await problem(folder())).toContain("holds no files");
    expect(await problem(onDisk({ "notes.md": "hi" }))).toMatch(
      /no Kubernetes objects and no logs \(found notes\.md\)\. It reads/,
    );
    expect(await problem(onDisk({ "support-bundle.tar.gz": "x" }))).toContain("--from");
    expect(await problem(file("empty.log", ""))).toContain("is empty");
    expect(await problem(file("b.tar.gz", "not gzip"))).toContain("neither gzip nor tar");
    expect(await problem(file("b.zip", Buffer.from("504b030414000000", "hex")))).toContain("zip archive");
    expect(await problem(file("b.bin", Buffer.from([0, 1, 2, 3])))).toContain("not text");
    expect(await problem(file("letter.txt", "Dear Sir or Madam\n"))).toContain(
      "neither Kubernetes objects nor a log",
    );
    expect(await problem(await tarOf([{ name: "x.bin", content: "y" }]))).toContain("found x.bin");
    expect(await problem(file("why5xx-bundle.json", "{"))).toContain("cannot be read");
    expect(await problem(onDisk({ "why5xx-bundle.json": '{"schema":"why5xx.bundle/v9"}' }))).toContain(
      "why5xx.bundle/v9",
    );
  });

  test("a gzip that is cut before anything usable", async () => {
    const path = await archived(plainFiles(), "b.tar.gz");
    truncateSync(path, 60);
    expect(await problem(path)).toMatch(/ends too early|no files|neither/);
  });
});

test("a bundle of ours cannot name files outside itself", async () => {
  const outside = join(folder(), "secret.log");
  writeFileSync(outside, "secret\n");
  const manifest = {
    schema: "why5xx.bundle/v1",
    collectedAt: "2026-11-18T10:30:00Z",
    logs: [outside, "../secret.log", "logs/../../x.log", "why5xx-bundle.json/../x"].map((file) => ({
      name: file,
      role: "container",
      file,
    })),
  };
  const read = await openSource(onDisk({ "why5xx-bundle.json": JSON.stringify(manifest) }));
  expect(read.logs.map((log) => log.bytes)).toEqual([undefined, undefined, undefined, undefined]);
  expect(read.losses).toHaveLength(4);
});

test("a bundle written by hand: YAML, no coverage, objects without their kind", async () => {
  const read = await openSource(
    onDisk({
      "why5xx-bundle.json": '{"schema":"why5xx.bundle/v1","collectedAt":"2026-11-18T10:30:00Z"}',
      "objects/services.yaml": "metadata: {name: web, namespace: shop}\nspec: {ports: [{port: 80}]}\n",
      "objects/others.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {name: web-0, namespace: shop}\n",
      "objects/pods.json": "[]",
      "objects/nodes.json": '{"items": [',
    }),
  );
  expect(read.objects.services?.[0]?.metadata?.name).toBe("web");
  expect(read.objects.pods).toHaveLength(1);
  expect(list(read, "pods", "elsewhere")).toEqual({ state: "present", value: [] });
  expect(list(read, "nodes")).toMatchObject({
    state: "unknown",
    reason: expect.stringContaining("broken JSON"),
  });
});

test("fields of a wrong type are left out and said, fields meant as text are text", async () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "web", namespace: "shop", labels: { version: 2, on: true, bad: {} }, annotations: 7 },
    spec: {
      containers: "nginx",
      initContainers: [null, 3, { name: "a", env: [{ name: "PORT", value: 8080 }] }],
    },
    status: { conditions: [{ type: "Ready", status: "True" }], containerStatuses: null, phase: { x: 1 } },
  };
  const read = await openSource(onDisk({ "a.json": JSON.stringify(pod) }));
  expect(read.objects.pods?.[0]).toMatchObject({
    metadata: { labels: { version: "2", on: "true" } },
    spec: { initContainers: [{ name: "a", env: [{ name: "PORT", value: "8080" }] }] },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
  const [only] = read.objects.pods!;
  expect(only?.spec).not.toHaveProperty("containers");
  expect(only?.status).not.toHaveProperty("containerStatuses");
  expect(read.losses[0]?.why).toMatch(/^Pod shop\/web: bad, annotations, containers, initContainers, phase/);
});
