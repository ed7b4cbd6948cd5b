import { expect, test } from "vitest";
import { openScreen, type Screen } from "../../src/cli/watch/screen.ts";
import type { LiveView } from "../../src/render/watch-live.ts";

const view = (passedSeconds: number): LiveView => ({
  target: "shop.example.com/cart",
  passedSeconds,
  wholeSeconds: 300,
  before: { requests: 100, failed: 0 },
  during: { requests: 40, failed: 1 },
  series: [],
  pods: { ready: 2, notReady: 0, terminating: 1, readyEndpoints: 2, created: 1, deleted: 1, restarts: 0 },
  rollouts: [],
  happened: [],
});

function screen(isTty: boolean): { readonly shown: Screen; readonly written: () => string } {
  let text = "";
  const style = { width: 100, hasColor: false, hasUnicode: true };
  const write = (more: string): void => void (text += more);
  return { shown: openScreen({ write, isTty, rows: 24, style }), written: () => text };
}

test("on a terminal one block is drawn over itself, and leaves nothing behind", () => {
  const { shown, written } = screen(true);
  shown.show(view(1));
  const lines = written().split("\n").length - 1;
  shown.tell(0, "pod web-1 deleted");
  shown.show(view(2));
  shown.end();
  const erase = `\u001b[${lines}A\u001b[0J`;
  expect(lines).toBeGreaterThan(3);
  expect(written().split(erase)).toHaveLength(3);
  expect(written().endsWith(erase)).toBe(true);
});

test("elsewhere a line comes every ten seconds, and one for each change where they are few", () => {
  const { shown, written } = screen(false);
  shown.show(view(3));
  expect(written()).toBe("");
  for (let i = 0; i < 14; i++) shown.tell(1_764_000_000_000, `pod web-${i} \u001b[2Jdeleted`);
  shown.show(view(10));
  shown.show(view(11));
  shown.show(view(20));
  const lines = written().trimEnd().split("\n");
  expect(lines[0]).toBe(String.raw`16:00:00  pod web-0 \u{1b}[2Jdeleted`);
  expect(lines.slice(10)).toEqual([
    "          and 4 more changes",
    "10s: 1 of 40 requests failed (2.5%), before 0%; 2 ready (2 ready endpoints), 1 terminating; 1 created, 1 deleted, 0 restarts",
    "20s: 1 of 40 requests failed (2.5%), before 0%; 2 ready (2 ready endpoints), 1 terminating; 1 created, 1 deleted, 0 restarts",
  ]);
});
