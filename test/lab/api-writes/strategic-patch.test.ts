import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { schemaOf } from "../../../lab/api-server/openapi/schema.ts";
import { strategicPatch } from "../../../lab/api-server/writes/patch/strategic-patch.ts";

type JsonObject = Record<string, unknown>;

const pod = schemaOf("pods") ?? {};
const deployment = schemaOf("deployments") ?? {};
const patchPod = (spec: JsonObject, patch: JsonObject): unknown =>
  strategicPatch({ spec }, { spec: patch }, pod)["spec"];

/** Truths by hand, from the rules in apimachinery pkg/util/strategicpatch. */
describe("strategic merge patch", () => {
  const app = {
    name: "app",
    image: "shop:1",
    env: [
      { name: "A", value: "1" },
      { name: "B", value: "2" },
    ],
  };
  const side = { name: "side", image: "side:1" };

  test.each<[string, JsonObject, JsonObject, unknown]>([
    [
      "changes the container of that name",
      { containers: [app, side] },
      { containers: [{ name: "app", image: "shop:2" }] },
      { containers: [{ ...app, image: "shop:2" }, side] },
    ],
    [
      "adds one that is new, before those it does not name",
      { containers: [app] },
      { containers: [side] },
      { containers: [side, app] },
    ],
    [
      "merges lists in lists",
      { containers: [app] },
      {
        containers: [
          {
            name: "app",
            env: [
              { name: "B", value: "3" },
              { name: "C", value: "4" },
            ],
          },
        ],
      },
      {
        containers: [
          {
            ...app,
            env: [
              { name: "A", value: "1" },
              { name: "B", value: "3" },
              { name: "C", value: "4" },
            ],
          },
        ],
      },
    ],
    [
      "deletes by key",
      { containers: [app, side] },
      { containers: [{ name: "side", $patch: "delete" }] },
      { containers: [app] },
    ],
    [
      "replaces a list",
      { containers: [app, side] },
      { containers: [{ $patch: "replace" }, { name: "x", image: "x" }] },
      { containers: [{ name: "x", image: "x" }] },
    ],
    [
      "replaces a map",
      { nodeSelector: { a: "1", b: "2" } },
      { nodeSelector: { $patch: "replace", c: "3" } },
      { nodeSelector: { c: "3" } },
    ],
    [
      "empties a map",
      { securityContext: { runAsUser: 1 } },
      { securityContext: { $patch: "delete" } },
      { securityContext: {} },
    ],
    ["null takes a field away", { nodeName: "n", hostname: "h" }, { nodeName: null }, { hostname: "h" }],
    [
      "null in a new map is no field",
      {},
      { securityContext: { runAsUser: 1, runAsGroup: null } },
      { securityContext: { runAsUser: 1 } },
    ],
    [
      "tolerations have no key: replaced",
      { tolerations: [{ key: "a" }] },
      { tolerations: [{ key: "b" }] },
      { tolerations: [{ key: "b" }] },
    ],
    [
      "ports merge by containerPort",
      { containers: [{ name: "app", ports: [{ containerPort: 80, name: "http" }] }] },
      { containers: [{ name: "app", ports: [{ containerPort: 80, name: "web" }, { containerPort: 81 }] }] },
      { containers: [{ name: "app", ports: [{ containerPort: 80, name: "web" }, { containerPort: 81 }] }] },
    ],
    [
      "mounts merge by mountPath, volumes by name",
      {
        volumes: [{ name: "v", emptyDir: {} }],
        containers: [{ name: "app", volumeMounts: [{ mountPath: "/a", name: "v" }] }],
      },
      {
        volumes: [{ name: "w", emptyDir: {} }],
        containers: [{ name: "app", volumeMounts: [{ mountPath: "/b", name: "w" }] }],
      },
      {
        volumes: [
          { name: "w", emptyDir: {} },
          { name: "v", emptyDir: {} },
        ],
        containers: [
          {
            name: "app",
            volumeMounts: [
              { mountPath: "/b", name: "w" },
              { mountPath: "/a", name: "v" },
            ],
          },
        ],
      },
    ],
    [
      "a volume keeps only the source that $retainKeys names",
      { volumes: [{ name: "v", emptyDir: {} }] },
      { volumes: [{ name: "v", $retainKeys: ["name", "hostPath"], hostPath: { path: "/x" } }] },
      { volumes: [{ name: "v", hostPath: { path: "/x" } }] },
    ],
    [
      "$setElementOrder keeps an item the client does not know where it stood",
      { containers: [{ name: "a" }, { name: "x" }, { name: "b" }] },
      {
        "$setElementOrder/containers": [{ name: "a" }, { name: "b" }],
        containers: [{ name: "a", image: "i" }],
      },
      { containers: [{ name: "a", image: "i" }, { name: "x" }, { name: "b" }] },
    ],
    [
      "$setElementOrder turns known items round, after what stood before the first of them",
      { containers: [{ name: "a" }, { name: "x" }, { name: "b" }] },
      { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
      { containers: [{ name: "x" }, { name: "b" }, { name: "a" }] },
    ],
    [
      "$setElementOrder alone orders",
      { containers: [{ name: "a" }, { name: "b" }] },
      { "$setElementOrder/containers": [{ name: "b" }, { name: "a" }] },
      { containers: [{ name: "b" }, { name: "a" }] },
    ],
    [
      "a plain list is replaced",
      { containers: [{ name: "a", args: ["1", "2"] }] },
      { containers: [{ name: "a", args: ["3"] }] },
      { containers: [{ name: "a", args: ["3"] }] },
    ],
  ])("%s", (_, spec, patch, result) => {
    expect(patchPod(spec, patch)).toEqual(result);
  });

  test("finalizers are a set: added to, and taken from by $deleteFromPrimitiveList", () => {
    const finalizers = ["a", "b"];
    const patched = (patch: JsonObject) =>
      strategicPatch({ metadata: { finalizers } }, { metadata: patch }, pod);
    expect(patched({ finalizers: ["c", "a"] })).toEqual({
      metadata: { finalizers: expect.arrayContaining(["a", "b", "c"]) },
    });
    expect(patched({ "$deleteFromPrimitiveList/finalizers": ["a"] })).toEqual({
      metadata: { finalizers: ["b"] },
    });
  });

  test("conditions merge by type", () => {
    const conditions = [
      { type: "Available", status: "True" },
      { type: "Progressing", status: "True" },
    ];
    const status = { conditions: [{ type: "Available", status: "False" }] };
    expect(strategicPatch({ status: { conditions } }, { status }, deployment)).toEqual({
      status: {
        conditions: [
          { type: "Available", status: "False" },
          { type: "Progressing", status: "True" },
        ],
      },
    });
  });

  test("a strategy of another type drops what belonged to the old one", () => {
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1 } };
    const patch = { $retainKeys: ["type"], type: "Recreate" };
    expect(strategicPatch({ spec: { strategy } }, { spec: { strategy: patch } }, deployment)).toEqual({
      spec: { strategy: { type: "Recreate" } },
    });
  });

  test.each([
    [{ containers: [{ image: "x" }] }, "does not contain declared merge key: name"],
    [{ nodeSelector: { $patch: "explode" } }, "unknown patch type: explode"],
  ])("%j is refused", (patch, message) => {
    expect(() => patchPod({ containers: [app], nodeSelector: { a: "b" } }, patch)).toThrow(message);
  });
});

const names = fc.constantFrom("a", "b", "c", "d");
const images = fc.constantFrom("one", "two", "three");
const containers = fc.uniqueArray(fc.record({ name: names, image: images }), { selector: (c) => c.name });

describe("strategic merge patch, for any lists of containers", () => {
  test("every patched container is there as patched, every other one as it was, none twice", () => {
    fc.assert(
      fc.property(containers, containers, (before, patch) => {
        const { containers: after } = patchPod({ containers: before }, { containers: patch }) as {
          containers: { name: string; image: string }[];
        };
        const wanted = new Map([...before, ...patch].map((c) => [c.name, c.image]));
        expect(new Map(after.map((c) => [c.name, c.image]))).toEqual(wanted);
        expect(after).toHaveLength(wanted.size);
        expect(patchPod({ containers: after }, { containers: patch })).toEqual({ containers: after });
      }),
    );
  });

  test("with the order of all, the result has that order", () => {
    fc.assert(
      fc.property(
        containers,
        fc.shuffledSubarray(["a", "b", "c", "d"], { minLength: 4 }),
        (before, order) => {
          const patched = patchPod(
            { containers: before },
            { "$setElementOrder/containers": order.map((name) => ({ name })) },
          ) as { containers: { name: string }[] };
          const wanted = order.filter((name) => before.some((c) => c.name === name));
          expect(patched.containers.map((c) => c.name)).toEqual(wanted);
        },
      ),
    );
  });

  test("deletions leave the others in their order", () => {
    fc.assert(
      fc.property(containers, names, (before, name) => {
        const patched = patchPod({ containers: before }, { containers: [{ name, $patch: "delete" }] });
        expect(patched).toEqual({ containers: before.filter((c) => c.name !== name) });
      }),
    );
  });
});
