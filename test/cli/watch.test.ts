import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { WatchReport } from "../../src/report/watch-report.ts";
import { runProgram } from "./run-program.ts";
import { pods } from "./watched-objects.ts";
import { pause, type WatchedShop, watchedShop } from "./watched-shop.ts";

const folder = mkdtempSync(join(tmpdir(), "why5xx-watch-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cart = "shop.example.com/cart";

/** Twenty requests a second for so many steps of 50 ms. */
async function traffic(shop: WatchedShop, steps: number, pod: 0 | 1 = 1, status = 200): Promise<void> {
  for (let i = 0; i < steps; i++) {
    shop.request(pod, status);
    await pause(50);
  }
}

const reportOf = (stdout: string): WatchReport => JSON.parse(stdout) as WatchReport;

describe("a route is watched", () => {
  test("and was fine", async () => {
    const shop = await watchedShop();
    await traffic(shop, 30);
    // The minute that began before the watching is over when it begins.
    const ran = await shop.watch([cart, "--for", "3s", "-o", "json"], () => traffic(shop, 30));
    expect(ran.stderr).toBe("");
    const report = reportOf(ran.stdout);
    expect(report).toMatchObject({
      verdict: "fine",
      isCutShort: false,
      during: { failed: 0 },
      pods: { ready: 2, readyEndpoints: 2, created: 0, deleted: 0 },
      rollouts: [{ state: "none" }],
    });
    expect(report.during?.requests).toBeGreaterThanOrEqual(30);
    expect(report.series.reduce((sum, each) => sum + each.requests, 0)).toBe(30);
    expect(ran.code).toBe(0);
  });

  test("and failed as a pod went, which is told as it happens", async () => {
    const shop = await watchedShop();
    await traffic(shop, 20);
    const saved = join(folder, "kept.tar.gz");
    const ran = await shop.watch([cart, "--for", "4s", "--save", saved], async () => {
      await traffic(shop, 10, 0);
      shop.deleteFirstPod();
      await traffic(shop, 10, 0, 502);
      shop.removeFirstPod();
      await traffic(shop, 10);
    });
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(
      /^✗ failing: 10 of \d+ requests failed: the rate rose from none of \d+ before/m,
    );
    expect(ran.stdout).toMatch(/drain +1 deletion seen: the gateway still sent up to \d/);
    expect(ran.stderr).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d  pod ${pods[0]} deleted$`, "m"));
    expect(ran.stderr).toMatch(new RegExp(`^\\d\\d:\\d\\d:\\d\\d  pod ${pods[0]} is gone$`, "m"));
    expect(existsSync(saved)).toBe(true);
    const again = await runProgram([cart, "--from", saved, "-o", "json"]);
    const [target] = (JSON.parse(again.stdout) as { targets: WatchReport["diagnosis"][] }).targets;
    const cause = target?.findings[0]?.cause ?? "none";
    expect(again.code).toBe(1);
    expect(cause).toBe("shutdown-no-prestop-race");
    expect(ran.stdout).toContain(cause);
  });

  test("until Ctrl-C, with the verdict so far", async () => {
    const shop = await watchedShop();
    const ran = await shop.watch([cart, "--for", "1h", "-o", "markdown"], async (child) => {
      await traffic(shop, 20);
      child.kill("SIGINT");
    });
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(
      /^### ✓ shop\.example\.com\/cart, watched for \ds\n\n\*\*fine: none of \d+ requests failed/,
    );
    expect(ran.stdout).toContain("ended early");
  });

  test("without a log nothing can be told, and why is said", async () => {
    const shop = await watchedShop({ denied: [{ resource: "pods/log" }] });
    const ran = await shop.watch([cart, "--for", "1s", "-o", "json"]);
    const report = reportOf(ran.stdout);
    expect(report.verdict).toBe("cannot-tell");
    expect(report.why).toMatch(/requests could not be counted: forbidden: why5xx cannot get pods\/log/);
    expect(report.during).toBeUndefined();
    expect(ran.code).toBe(2);
  });
});

test("what was seen is told though the cluster is out of reach at the end", async () => {
  const shop = await watchedShop();
  const ran = await shop.watch([cart, "--for", "3s", "--max-5xx", "2", "-o", "json"], async () => {
    await traffic(shop, 10);
    await traffic(shop, 2, 1, 502);
    await pause(500);
    await shop.cluster.close();
  });
  const report = reportOf(ran.stdout);
  const during = { requests: 12, failed: 2, codes: { "502": 2 } };
  expect(report).toMatchObject({ verdict: "cannot-tell", during });
  expect(report.losses.map(({ what }) => what)).toContain("the cluster at the end");
  expect(report.why).toMatch(/^endpoints could not be watched: .*ECONNREFUSED/);
  expect(ran.code).toBe(2);
});

describe("what cannot be watched", () => {
  test.each([
    [["watch"], /Say which route: watch shop\.example\.com\/cart/],
    [["watch", cart, "--for", "0s"], /--for 0s: write a duration/],
    [["watch", cart, "--for", "3d"], /--for 3d: give a time from 1s to 24h/],
    [["watch", cart, "--save", "."], /--save \.: it exists/],
    [["watch", cart], /kubeconfig/],
  ])("%j", async (args, message) => {
    const ran = await runProgram(args);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toContain("internal error");
    expect([ran.code, ran.stdout]).toEqual([2, ""]);
  });

  test("a route that is not there, and one that is several", async () => {
    const shop = await watchedShop();
    const missing = await shop.watch(["shop.example.com/kart", "--for", "1s"]);
    expect(missing.stderr).toMatch(/takes \/kart: .*Did you mean shop\.example\.com\/cart/);
    const several = await shop.watch(["ingress/web", "-n", "shop", "--for", "1s"]);
    expect(several.stderr).toMatch(
      /routes to 2 Services, and one is watched at a time: name one of shop\.example\.com\/cart/,
    );
    expect([missing.code, several.code]).toEqual([2, 2]);
  });
});
