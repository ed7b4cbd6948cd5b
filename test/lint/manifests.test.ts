import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { list } from "../../src/evidence/evidence.ts";
import { positionsIn } from "../../src/gather/manifests/place-in-file.ts";
import { type Manifests, readManifests } from "../../src/gather/manifests/read-manifests.ts";

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "why5xx-manifests-"))));
afterEach(() => rmSync(folder, { recursive: true }));

function put(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  ports:\n    - port: 80\n      targetPort: web\n`;

const read = (...paths: string[]): Promise<Manifests> =>
  readManifests(
    paths.map((path) => (path === "-" ? path : join(folder, path))),
    () => Promise.resolve(Buffer.from(service("piped"))),
  );

const namesOf = ({ evidence }: Manifests): string[] =>
  (evidence.objects.services ?? []).map((s) => s.metadata?.name ?? "");

describe("what is read", () => {
  test("folders, files and standard input together", async () => {
    put({
      "k8s/a.yaml": service("a"),
      "k8s/deep/b.yml": service("b"),
      "c.json": JSON.stringify({
        kind: "List",
        items: [{ apiVersion: "v1", kind: "Service", metadata: { name: "c" } }],
      }),
    });
    expect(namesOf(await read("k8s", "c.json", "-"))).toEqual(["a", "b", "c", "piped"]);
  });

  test("no list counts as whole: what is not there may be elsewhere", async () => {
    put({ "a.yaml": service("a") });
    const { evidence } = await read("a.yaml");
    expect(evidence.coverage).toEqual([
      { resource: "services", namespace: "default", extent: "selected", names: ["a"] },
    ]);
    expect(list(evidence, "deployments").state).toBe("unknown");
  });

  test("files that are none of Kubernetes are passed over", async () => {
    put({
      "a.yaml": service("a"),
      "compose.yaml": "services: {web: {image: x}}\n",
      "broken.yaml": "a: [1\n",
    });
    expect((await read(".")).evidence.losses).toEqual([]);
  });

  test("templates of a chart are not read, and it is said what to run", async () => {
    put({
      "shop/Chart.yaml": "name: shop\nversion: 1.0.0\n",
      "shop/values.yaml": "replicas: 2\n",
      "shop/templates/service.yaml":
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {{ .Release.Name }}\n",
      "plain/a.yaml": service("a"),
    });
    const manifests = await read(".");
    expect(namesOf(manifests)).toEqual(["a"]);
    expect(manifests.evidence.losses.map((l) => l.why)).toEqual([
      expect.stringMatching(/render it: helm template .*shop \| why5xx lint -$/),
    ]);
  });

  test("patches of an overlay are not taken for objects", async () => {
    put({
      "base/a.yaml": service("a"),
      "overlays/prod/kustomization.yaml":
        "resources: [../../base]\npatches:\n  - path: ../../patches/a.yaml\n",
      "patches/a.yaml": service("only-a-patch"),
    });
    const manifests = await read(".");
    expect(namesOf(manifests)).toEqual(["a"]);
    expect(manifests.evidence.losses.map((l) => l.why)).toEqual([
      expect.stringContaining("kubectl kustomize"),
    ]);
  });

  test("a broken manifest is told with its line, and its kinds are not known", async () => {
    put({
      "a.yaml": service("a"),
      "b.yaml": `${service("b")}---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n\tname: x\n`,
    });
    const { evidence } = await read(".");
    expect(evidence.losses.map((l) => `${l.what}: ${l.why}`)).toEqual([
      expect.stringMatching(/b\.yaml: broken YAML: Tabs .*\(line 13\)$/),
    ]);
    expect(list(evidence, "configmaps").state).toBe("unknown");
    expect(evidence.coverage.find((c) => c.resource === "configmaps")?.extent).toBe("failed");
  });

  test.each([
    ["missing", /no such file or folder/],
    ["empty", /holds no Kubernetes object.*helm template/],
  ])("%s is refused with what to do", async (path, message) => {
    mkdirSync(join(folder, "empty"));
    await expect(read(path)).rejects.toThrow(message);
  });
});

describe("where a field is written", () => {
  const text = `# two objects\n${service("a")}---\n${service("b")}`;
  const at = positionsIn(text);

  test("is the line of its key, in the right document", () => {
    const path = ["spec", "ports", 0, "targetPort"] as const;
    expect(at({ kind: "Service", namespace: "default", name: "a" }, path)?.line).toBe(9);
    expect(at({ kind: "Service", namespace: "default", name: "b" }, path)).toEqual({ line: 18, column: 7 });
  });

  test("of a field that is not written is the nearest part around it", () => {
    expect(at({ kind: "Service", namespace: "default", name: "a" }, ["spec", "selector"])?.line).toBe(6);
  });

  test("of an object that is not there is nowhere", () => {
    expect(at({ kind: "Service", namespace: "default", name: "c" }, [])).toBeUndefined();
  });

  test("is found in JSON and in Lists", () => {
    const json = JSON.stringify(
      {
        kind: "List",
        items: [{ apiVersion: "v1", kind: "Service", metadata: { name: "a" }, spec: { ports: [] } }],
      },
      null,
      1,
    );
    const line = json.split("\n").findIndex((l) => l.includes('"spec"')) + 1;
    expect(positionsIn(json)({ kind: "Service", namespace: "default", name: "a" }, ["spec"])?.line).toBe(
      line,
    );
  });

  test.each(["a: [1", "&a [*a, *a]", "\0", "%YAML 9.9\n---\n!!x"])(
    "hostile text %j throws nothing",
    (hostile) => {
      expect(positionsIn(hostile)({ kind: "Service", name: "a" }, ["spec"])).toBeUndefined();
    },
  );
});
