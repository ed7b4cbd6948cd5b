import { describe, expect, test } from "vitest";
import { type Incident, incident } from "./incident.ts";

const target = "shop.example.com/cart";
const broken = 8081;
const right = 8080;

/** A gateway in front of a Service whose targetPort is wrong, until it is right. */
const byPort = (port: unknown): number => (port === right ? 200 : 502);

const applied = (scene: Incident, ...more: string[]) =>
  scene.run(["fix", target, "--apply", "--yes", "--connect-to", scene.gateway, "--rps", "100", ...more]);

describe("fix --apply", () => {
  test("changes the field, keeps what it was, and proves that it helped", async () => {
    const scene = await incident(byPort);
    const { stdout, stderr, code } = await applied(scene);
    expect(scene.port()).toBe(right);
    expect(stdout).toContain("-      targetPort: 8081\n+      targetPort: 8080");
    expect(stdout).toContain("✓ fixed: none of 20 failed, where 36 of 36 had");
    expect(stderr).toContain("To take it back: why5xx fix --rollback ");
    expect(code).toBe(0);
    const [entry, ...others] = scene.journal();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      state: "applied",
      cause: "wrong-target-port-number",
      object: { kind: "Service", namespace: "shop", name: "cart" },
      before: { spec: { ports: [{ targetPort: broken }] } },
      made: [{ path: "/spec/ports/0/targetPort", before: broken, after: right }],
    });
  });

  test("sends the request before the change too where no log says how often it fails", async () => {
    const scene = await incident(byPort);
    const { stdout, code } = await applied(scene, "--since", "1s");
    expect(stdout).toContain("20 of 20 failed");
    expect(stdout).toContain("(sent right before the change)");
    expect(stdout).toContain("✓ fixed: none of ");
    expect(code).toBe(0);
  });

  test("is tried first, sent once and owned by why5xx", async () => {
    const scene = await incident(byPort);
    await applied(scene, "--no-verify");
    const patches = scene.cluster.requests.filter((request) => request.method === "PATCH");
    expect(patches.map((request) => new URL(request.url, "http://x").searchParams.get("dryRun"))).toEqual([
      "All",
      null,
    ]);
    expect(
      patches.map((request) => new URL(request.url, "http://x").searchParams.get("fieldManager")),
    ).toEqual(["why5xx", "why5xx"]);
  });

  test("says not fixed, and how to take it back, when requests go on to fail", async () => {
    const scene = await incident(() => 502);
    const { stdout, code } = await applied(scene);
    expect(stdout).toContain("✗ not fixed: ");
    expect(stdout).toMatch(
      /To take the change back:\n +why5xx fix --rollback \d{8}T\d+Z-service-shop-cart\n/,
    );
    expect(code).toBe(1);
  }, 60_000);

  test("asks, and says what to type where nobody is there to answer", async () => {
    const scene = await incident(byPort);
    const { stderr, code } = await scene.run(["fix", target, "--apply", "--no-verify"]);
    expect(stderr).toContain(
      "nothing was changed: there is no terminal to ask on. To say yes: why5xx fix shop.example.com/cart --apply --no-verify --yes",
    );
    expect(code).toBe(2);
    expect(scene.port()).toBe(broken);
  });

  test("without --apply it changes nothing", async () => {
    const scene = await incident(byPort);
    const { stdout, code } = await scene.run(["fix", target]);
    expect(stdout).toContain("To make change 1: why5xx fix shop.example.com/cart --apply");
    expect(code).toBe(1);
    expect(new Set(scene.cluster.requests.map((request) => request.method))).toEqual(new Set(["GET"]));
  });
});

describe("fix --rollback", () => {
  test("takes the last change back, once", async () => {
    const scene = await incident(byPort);
    await applied(scene, "--no-verify");
    const back = await scene.run(["fix", "--rollback", "--yes"]);
    expect(back.stdout).toContain("-      targetPort: 8080\n+      targetPort: 8081");
    expect(back.code).toBe(0);
    expect(scene.port()).toBe(broken);
    expect(scene.journal()[0]?.state).toBe("undone");
    const again = await scene.run(["fix", "--rollback", "--yes"]);
    expect(again.stderr).toContain("is left to undo");
    expect(again.code).toBe(2);
  });

  test("leaves alone what somebody has changed since, and says what", async () => {
    const scene = await incident(byPort);
    await applied(scene, "--no-verify");
    const service = structuredClone(
      scene.cluster.store.get("services", "cart", "shop")!.object,
    ) as unknown as {
      spec: { ports: { targetPort: number }[] };
    };
    service.spec.ports[0]!.targetPort = 9090;
    scene.cluster.store.put("services", service);
    const { stderr, code } = await scene.run(["fix", "--rollback", "--yes"]);
    expect(stderr).toContain("Not undone: somebody has changed the same of Service shop/cart");
    expect(stderr).toContain("/spec/ports/0/targetPort: was set to 8080, is 9090");
    expect(code).toBe(2);
    expect(scene.port()).toBe(9090);
  });

  test("knows the changes there are when the name is wrong", async () => {
    const scene = await incident(byPort);
    await applied(scene, "--no-verify");
    const { stderr, code } = await scene.run(["fix", "--rollback", "nonsense"]);
    expect(stderr).toMatch(
      /there is no change nonsense\. These can be undone:\n {2}\d{8}T\d+Z-service-shop-cart {2}Set targetPort/,
    );
    expect(code).toBe(2);
  });
});

test.each([
  [["--apply", "--from", "x"], "--apply changes a cluster, and --from reads a bundle"],
  [["--yes"], "--yes is for --apply."],
  [["-o", "markdown"], "choose one of text, json, patch"],
  [["--rollback", "--apply"], "--rollback takes back a change made before"],
])("fix %j is refused", async (flags, message) => {
  const scene = await incident(byPort);
  const { stderr, code } = await scene.run(["fix", target, ...flags]);
  expect(stderr).toContain(message);
  expect(code).toBe(2);
});
