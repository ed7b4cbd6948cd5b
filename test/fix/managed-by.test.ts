import { describe, expect, test } from "vitest";
import { managedBy } from "../../src/fix/managed-by.ts";

const marked = (labels: object, annotations: object = {}, more: object = {}) =>
  managedBy({ kind: "Service", metadata: { name: "cart", labels, annotations, ...more } })?.who;

describe("who writes an object again", () => {
  test.each([
    [{ "app.kubernetes.io/managed-by": "Helm" }, {}, "a Helm release"],
    [
      { "app.kubernetes.io/managed-by": "Helm" },
      { "meta.helm.sh/release-name": "shop" },
      "Helm release shop",
    ],
    // Argo CD renders charts: it is Argo CD that puts them back.
    [
      { "app.kubernetes.io/managed-by": "Helm" },
      { "argocd.argoproj.io/tracking-id": "web:/Service:shop/cart" },
      "Argo CD application web",
    ],
    [{ "argocd.argoproj.io/instance": "web" }, {}, "Argo CD application web"],
    [
      { "kustomize.toolkit.fluxcd.io/name": "apps", "kustomize.toolkit.fluxcd.io/namespace": "flux-system" },
      {},
      "Flux Kustomization flux-system/apps",
    ],
    [
      { "helm.toolkit.fluxcd.io/name": "shop", "app.kubernetes.io/managed-by": "Helm" },
      {},
      "Flux HelmRelease shop",
    ],
    [{ "app.kubernetes.io/managed-by": "pulumi" }, {}, "pulumi"],
  ])("is read from %j and %j", (labels, annotations, who) => {
    expect(marked(labels, annotations)).toBe(who);
  });

  test.each([
    [{}, {}],
    [{ "app.kubernetes.io/managed-by": "kubectl" }, {}],
    [{ "app.kubernetes.io/managed-by": "kustomize-v5.4.2" }, {}],
    // Charts that people render by hand say who the application is, and so do people.
    [{ "app.kubernetes.io/instance": "shop" }, {}],
    [{ "argocd.argoproj.io/instance": 7 }, {}],
  ])("is nobody by %j and %j", (labels, annotations) => {
    expect(marked(labels, annotations)).toBeUndefined();
  });

  test("is the controller that owns it, and no other owner", () => {
    const owner = { kind: "Kafka", name: "orders" };
    expect(marked({}, {}, { ownerReferences: [{ ...owner, controller: true }] })).toBe("Kafka orders");
    expect(marked({}, {}, { ownerReferences: [owner] })).toBeUndefined();
  });

  test("of an object without metadata is not known", () => {
    expect(managedBy({})).toBeUndefined();
  });
});
