import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parse, parseDocument, stringify } from "yaml";
import type { JsonObject } from "../../src/base/json-value.ts";
import { editManifests } from "../../src/fix/manifests/edit-manifests.ts";
import { spliced, spliceOf } from "../../src/fix/manifests/edit-yaml.ts";
import { patched } from "../../src/fix/patched.ts";

const service = { kind: "Service", namespace: "shop", name: "cart" };
const deployment = { kind: "Deployment", namespace: "shop", name: "cart" };

/** In the cluster: with what the API server fills in, and the ports in another order than in the file. */
const liveService: JsonObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "cart", namespace: "shop", uid: "u", resourceVersion: "7" },
  spec: {
    clusterIP: "10.0.0.7",
    selector: { app: "cart" },
    ports: [
      { name: "metrics", port: 9090, protocol: "TCP", targetPort: 9090 },
      { name: "http", port: 80, protocol: "TCP", targetPort: 8081 },
    ],
  },
};
const fixedService = patched(liveService, {
  type: "json",
  body: [{ op: "replace", path: "/spec/ports/1/targetPort", value: 8080 }],
})!;

const serviceFile = `# Owned by the shop team.
apiVersion: v1
kind: Service
metadata:
  name:   cart   # odd spacing stays
  namespace: shop
spec:
  selector: {app: cart}
  ports:
  - name: http
    port: 80
    targetPort: 8081   # where the application listens
  - {name: metrics, port: 9090, targetPort: 9090}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec:
  ports: [{port: 80, targetPort: 8081}]
`;

const liveDeployment: JsonObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "cart", namespace: "shop" },
  spec: {
    replicas: 2,
    template: { spec: { terminationGracePeriodSeconds: 30, containers: [{ name: "app", image: "cart:1" }] } },
  },
};
const withPreStop = patched(liveDeployment, {
  type: "strategic",
  body: {
    spec: {
      template: {
        spec: {
          terminationGracePeriodSeconds: 40,
          containers: [{ name: "app", lifecycle: { preStop: { sleep: { seconds: 10 } } } }],
        },
      },
    },
  },
})!;

describe("a change in the user's own files", () => {
  test("touches the one value, of the right port of the right document, and no other byte", () => {
    const { edited, problem } = editManifests(
      [{ path: "a.yaml", text: serviceFile }],
      service,
      liveService,
      fixedService,
    );
    expect(problem).toBeUndefined();
    expect(edited).toEqual([
      {
        path: "a.yaml",
        before: serviceFile,
        after: serviceFile.replace("8081   # where", "8080   # where"),
      },
    ]);
  });

  test("adds fields below their neighbours, with the indentation of the file", () => {
    const text = `kind: Deployment
metadata:
    name: cart
spec:
    template:
        spec:
            # one container
            containers:
                - name: app
                  image: cart:1 # pinned

# the end
`;
    const { edited, problem } = editManifests(
      [{ path: "d.yml", text }],
      deployment,
      liveDeployment,
      withPreStop,
    );
    expect(problem).toBeUndefined();
    expect(edited[0]?.after).toBe(`kind: Deployment
metadata:
    name: cart
spec:
    template:
        spec:
            # one container
            containers:
                - name: app
                  image: cart:1 # pinned
                  lifecycle:
                    preStop:
                      sleep:
                        seconds: 10
            terminationGracePeriodSeconds: 40

# the end
`);
  });

  test("takes a field away with its line", () => {
    const live = {
      kind: "Ingress",
      metadata: { name: "web", namespace: "shop", annotations: { a: "1", b: "return 503;" } },
    };
    const after = patched(live, { type: "merge", body: { metadata: { annotations: { b: null } } } })!;
    const text = `kind: Ingress\nmetadata:\n  name: web\n  annotations:\n    a: "1"\n    b: |\n      return 503;\n`;
    const written = { ...live, metadata: { ...live.metadata, annotations: { a: "1", b: "return 503;\n" } } };
    const { edited } = editManifests(
      [{ path: "i.yaml", text }],
      { kind: "Ingress", namespace: "shop", name: "web" },
      written,
      after,
    );
    expect(edited[0]?.after).toBe(`kind: Ingress\nmetadata:\n  name: web\n  annotations:\n    a: "1"\n`);
  });

  test("keeps the quotes of a text", () => {
    const live = { kind: "Ingress", metadata: { name: "web", annotations: { t: "60" } } };
    const after = { kind: "Ingress", metadata: { name: "web", annotations: { t: "120" } } };
    const text = `kind: Ingress\nmetadata: {name: web, annotations: {t: '60'}}\n`;
    const { edited } = editManifests(
      [{ path: "i.yaml", text }],
      { kind: "Ingress", name: "web" },
      live,
      after,
    );
    expect(edited[0]?.after).toBe(`kind: Ingress\nmetadata: {name: web, annotations: {t: '120'}}\n`);
  });
});

const patch = (field: string) => ({
  path: "k/prod/port.yaml",
  text: `kind: Service\nmetadata: {name: cart}\nspec:\n  ports:\n    - name: http\n      ${field}\n`,
});
const pathsOf = (files: Parameters<typeof editManifests>[0]): string[] =>
  editManifests(files, service, liveService, fixedService).edited.map((file) => file.path);

describe("Kustomize", () => {
  const base = { path: "k/base/service.yaml", text: serviceFile };
  const kustomization = {
    path: "k/prod/kustomization.yaml",
    text: "kind: Kustomization\nresources: [../base]\npatches:\n  - path: port.yaml\n",
  };
  test("the overlay's patch is edited where it sets the field", () => {
    expect(pathsOf([base, kustomization, patch("targetPort: 8081")])).toEqual(["k/prod/port.yaml"]);
  });

  test("the base where it does not", () => {
    expect(pathsOf([base, kustomization, patch("nodePort: 30080")])).toEqual(["k/base/service.yaml"]);
  });

  test("names that it changes are known again", () => {
    const prefixed = {
      ...kustomization,
      text: "kind: Kustomization\nnamePrefix: eu-\nresources: [../base]\n",
    };
    const named = { ...service, name: "eu-cart" };
    expect(editManifests([base, prefixed], named, liveService, fixedService).edited).toHaveLength(1);
    expect(editManifests([base], named, liveService, fixedService).problem).toBe(
      "no file says Service eu-cart",
    );
  });

  test("two files that say it are not chosen between", () => {
    const twice = editManifests([base, { ...base, path: "b.yaml" }], service, liveService, fixedService);
    expect(twice.edited).toEqual([]);
    expect(twice.problem).toBe("more than one file says it: name the folder of one overlay");
    expect(twice.pointed).toEqual(["k/base/service.yaml:2", "b.yaml:2"]);
  });
});

test("a Helm template is pointed at, with the line of the field, and left as it is", () => {
  const text = `kind: Service\nmetadata:\n  name: {{ include "cart.name" . }}\nspec:\n  ports:\n    - port: 80\n      targetPort: {{ .Values.port }}\n`;
  const result = editManifests(
    [{ path: "templates/service.yaml", text }],
    service,
    liveService,
    fixedService,
  );
  expect(result.edited).toEqual([]);
  expect(result.pointed).toEqual(["templates/service.yaml:7: targetPort: {{ .Values.port }}"]);
  expect(result.problem).toContain("comes from a template");
});

describe("an edit of YAML", () => {
  const texts = fc.constantFrom(
    "x",
    "yes",
    "8080",
    "a: b",
    "- c",
    "# d",
    "",
    " e ",
    "'",
    '"',
    "null",
    "ü\u2028",
  );
  const values: fc.Arbitrary<unknown> = fc.oneof(fc.integer({ min: 0, max: 99 }), fc.boolean(), texts);
  const { node } = fc.letrec<{ node: unknown }>((tie) => ({
    node: fc.oneof(
      { maxDepth: 3 },
      values,
      fc.dictionary(fc.constantFrom("a", "b", "c d", "e/f"), tie("node"), { minKeys: 1, maxKeys: 3 }),
      fc.array(tie("node"), { minLength: 1, maxLength: 3 }),
    ),
  }));

  test("says what was meant or is not made, and leaves what is beside it", () => {
    let made = 0;
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("k", "l", "m"), node, { minKeys: 1 }),
        values,
        (object, value) => {
          const text = `# head\n${stringify(object)}# foot\n`;
          const place = ["k", "new"];
          const splice = spliceOf(text, parseDocument(text), { place, value });
          if (splice === undefined) return;
          made++;
          const after = spliced(text, splice);
          expect(after.startsWith("# head\n")).toBe(true);
          expect(after.endsWith("# foot\n")).toBe(true);
          const { k, ...others } = parse(after) as { k: Record<string, unknown> };
          expect(k["new"]).toEqual(value);
          const { k: _, ...before } = object;
          expect(others).toEqual(before);
        },
      ),
      { numRuns: 2000, seed: 3 },
    );
    expect(made).toBeGreaterThan(100);
  });
});
