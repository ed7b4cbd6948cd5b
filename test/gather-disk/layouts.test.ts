import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Evidence, list } from "../../src/evidence/evidence.ts";
import { writeBundle } from "../../src/evidence/write-bundle.ts";
import { openSource } from "../../src/gather/open-source.ts";
import { archived, type Files, folder, onDisk } from "./disk.ts";
import { evidence, type FixtureResource, logs, objects } from "./fixture.ts";
import { dumped, dumpFiles, dumpStream, mustGatherFiles, plainFiles, supportBundleFiles } from "./layouts.ts";

const everything = Object.keys(objects) as FixtureResource[];

interface Case {
  readonly kind: Evidence["source"]["kind"];
  readonly files: Files;
  readonly resources: readonly FixtureResource[];
  readonly hasPreviousLog: boolean;
}

const cases: readonly Case[] = [
  { kind: "support-bundle", files: supportBundleFiles(), resources: everything, hasPreviousLog: true },
  { kind: "must-gather", files: mustGatherFiles(), resources: everything, hasPreviousLog: true },
  { kind: "cluster-info-dump", files: dumpFiles(), resources: ["nodes", ...dumped], hasPreviousLog: false },
  { kind: "files", files: plainFiles(), resources: everything, hasPreviousLog: true },
];

const logContents = (evidence: Evidence): unknown[] =>
  evidence.logs
    .map(({ namespace, pod, container, previous, role, bytes }) => ({
      place: [namespace, pod, container, previous === true].join(" "),
      role,
      text: Buffer.from(bytes ?? []).toString(),
    }))
    .sort((a, b) => (a.place < b.place ? -1 : 1));

function expectFixture(read: Evidence, { kind, resources, hasPreviousLog }: Case): void {
  expect(read.source.kind).toBe(kind);
  const fixture = Object.fromEntries(resources.map((resource) => [resource, objects[resource]]));
  expect(Object.fromEntries(resources.map((resource) => [resource, read.objects[resource]]))).toEqual(
    fixture,
  );
  const written = hasPreviousLog ? logs : logs.filter((log) => log.previous !== true);
  expect(logContents(read)).toEqual(logContents({ ...evidence, logs: written }));
  expect(read.losses).toEqual([]);
}

describe.each(cases)("$kind", (one) => {
  test("as a folder", async () => {
    const read = await openSource(onDisk(one.files));
    expect(read.source.kind).toBe(one.kind);
    expectFixture(read, one);
  });

  test.each(["input.tar.gz", "input.tgz", "input.tar"])("as %s with a top folder", async (name) => {
    const fromArchive = await openSource(await archived(one.files, name));
    expectFixture(fromArchive, one);
    const fromFolder = await openSource(onDisk(one.files));
    expect(fromArchive.coverage).toEqual(fromFolder.coverage);
    expect(fromArchive.collectedAt).toBe(fromFolder.collectedAt);
  });

  test("lists that were read are covered", async () => {
    const read = await openSource(onDisk(one.files));
    const namespaced = one.resources.filter((resource) => resource !== "nodes" && resource !== "namespaces");
    expect(namespaced.filter((resource) => list(read, resource, "shop").state !== "present")).toEqual([]);
    expect(list(read, "nodes").state).toBe("present");
    expect(list(read, "configmaps", "shop").state).toBe("unknown");
    expect(list(read, "horizontalpodautoscalers", "shop").state).toBe("unknown");
  });
});

test("an empty list of a namespace is none, a namespace without a file is unknown", async () => {
  for (const { files, kind } of cases.slice(0, 3)) {
    const read = await openSource(onDisk(files));
    expect({ kind, list: list(read, "services", "ingress-nginx") }).toEqual({
      kind,
      list: { state: "present", value: [] },
    });
    expect({ kind, state: list(read, "services", "elsewhere").state }).toEqual({ kind, state: "unknown" });
  }
});

test("a dump that was printed instead of written to a folder", async () => {
  const path = join(onDisk({ "dump.txt": dumpStream() }), "dump.txt");
  const read = await openSource(path);
  expectFixture(read, cases[2]!);
  expect(list(read, "services", "ingress-nginx")).toEqual({ state: "present", value: [] });
});

test("a bundle of ours, as a folder and as an archive", async () => {
  const expected = {
    ...evidence,
    source: expect.objectContaining({ kind: "why5xx-bundle", origin: evidence.source }),
  };
  for (const name of ["bundle", "bundle.tar.gz", "bundle.tgz", "bundle.tar"]) {
    const path = join(folder(), name);
    await writeBundle(evidence, path);
    expect(await openSource(path)).toEqual(expected);
  }
});

describe("moment of collection", () => {
  test("must-gather: the last line of its timestamp file, with its zone", async () => {
    expect((await openSource(onDisk(mustGatherFiles()))).collectedAt).toBe("2026-11-18T10:30:00.250Z");
  });

  test.each([
    ["support-bundle-2026-11-18T10_30_05", "2026-11-18T10:30:05.000Z"],
    ["support-bundle-2026-11-18T11_30_05", "2026-11-18T10:30:05.000Z"],
    ["support-bundle-2026-11-18T02_30_05", "2026-11-18T10:30:05.000Z"],
    ["support-bundle-2026-11-18T16_00_05", "2026-11-18T10:30:05.000Z"],
    ["support-bundle-2026-11-25T10_30_05", "2026-11-25T10:30:05.000Z"],
    ["support-bundle", "2026-11-18T10:29:50.000Z"],
  ])(
    "support bundle %s: local time of the collecting machine, made to fit the objects",
    async (name, expected) => {
      expect((await openSource(onDisk(supportBundleFiles(), name))).collectedAt).toBe(expected);
      expect(
        (await openSource(await archived(supportBundleFiles(), `${name}.tar.gz`, name))).collectedAt,
      ).toBe(expected);
    },
  );

  test("files and dumps: the newest time of an object, an event or a log line", async () => {
    expect((await openSource(onDisk(plainFiles()))).collectedAt).toBe("2026-11-18T10:29:50.000Z");
    const { "logs/ingress-nginx/gateway-7d9c6b5f4-x2x4z/controller.log": _, ...quiet } = plainFiles();
    expect((await openSource(onDisk(quiet))).collectedAt).toBe("2026-11-18T10:29:40.000Z");
  });

  test("a manifest tells no time: said, and the same on every machine", async () => {
    const read = await openSource(
      onDisk({ "service.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n" }),
    );
    expect(read.collectedAt).toBe("1970-01-01T00:00:00.000Z");
    expect(read.losses).toEqual([expect.objectContaining({ what: "moment of collection" })]);
  });
});
