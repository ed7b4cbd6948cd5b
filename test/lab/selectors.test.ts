import { describe, expect, test } from "vitest";
import { parseFieldSelector } from "../../lab/api-server/field-selector.ts";
import { parseLabelSelector } from "../../lab/api-server/label-selector.ts";
import { servedResources } from "../../lab/api-server/served.ts";
import { StatusError } from "../../lab/api-server/status.ts";

const cart = { app: "cart", tier: "web", "app.kubernetes.io/part-of": "shop", empty: "", generation: "3" };

describe("label selectors", () => {
  test.each([
    ["", true],
    ["app=cart", true],
    ["app==cart", true],
    ["app = cart", true],
    ["app=search", false],
    ["app!=cart", false],
    ["app!=search", true],
    ["absent!=x", true],
    ["absent=", false],
    ["empty=", true],
    ["tier in (web, db)", true],
    ["tier in (db)", false],
    ["tier notin (db,cache)", true],
    ["tier notin (web)", false],
    ["absent notin (web)", true],
    ["app", true],
    ["absent", false],
    ["!absent", true],
    ["!app", false],
    ["generation>2", true],
    ["generation>3", false],
    ["generation<4", true],
    ["app<4", false],
    ["absent>1", false],
    ["app.kubernetes.io/part-of=shop", true],
    ["app=cart,tier in (web,db),!absent,app.kubernetes.io/part-of", true],
    ["app=cart,tier in (db,cache)", false],
  ])("%s is %s", (selector, expected) => {
    expect(parseLabelSelector(selector)(cart)).toBe(expected);
  });

  test("an object without labels matches what asks for absence only", () => {
    expect(parseLabelSelector("app!=cart,!app")(undefined)).toBe(true);
    expect(parseLabelSelector("app")(undefined)).toBe(false);
  });

  test.each(["app=cart,", "tier in web", "=cart", "app=ca rt", "a b", "tier in (a", "app>x"])(
    "%s is refused with 400",
    (selector) => {
      expect(() => parseLabelSelector(selector)).toThrow(StatusError);
    },
  );
});

describe("field selectors", () => {
  const served = servedResources(() => true);
  const of = (plural: string, group = "") => {
    const found = served.find((s) => s.plural === plural && s.group === group);
    if (found === undefined) throw new Error(`${plural} is not served`);
    return found;
  };
  const pod = {
    metadata: { name: "a", namespace: "shop" },
    spec: { nodeName: "worker-1" },
    status: { phase: "Running" },
  };

  test.each([
    ["metadata.name=a", true],
    ["metadata.name=b", false],
    ["metadata.namespace=shop,spec.nodeName=worker-1", true],
    ["spec.nodeName!=worker-1", false],
    ["status.phase==Running", true],
    ["status.phase!=Succeeded,status.phase!=Failed", true],
    ["spec.hostNetwork=false", true],
    ["status.podIP=", true],
  ])("of a pod: %s is %s", (selector, expected) => {
    expect(parseFieldSelector(selector, of("pods"))(pod)).toBe(expected);
  });

  const event = {
    metadata: { name: "e" },
    involvedObject: { kind: "Pod", name: "a" },
    reason: "BackOff",
    type: "Warning",
    source: { component: "kubelet" },
  };

  test("an event is selected by the names of its own group", () => {
    const core = parseFieldSelector(
      "involvedObject.name=a,involvedObject.kind=Pod,type!=Normal,source=kubelet",
      of("events"),
    );
    const modern = parseFieldSelector("regarding.name=a,reason=BackOff", of("events", "events.k8s.io"));
    expect([core(event), modern(event)]).toEqual([true, true]);
    expect(() => parseFieldSelector("regarding.name=a", of("events"))).toThrow("field label not supported");
  });

  test("a field outside the resource's own is refused, not ignored", () => {
    expect(() => parseFieldSelector("spec.nodeName=a", of("services"))).toThrow(
      "field label not supported: spec.nodeName",
    );
    expect(() => parseFieldSelector("metadata.name>a", of("pods"))).toThrow(StatusError);
  });
});
