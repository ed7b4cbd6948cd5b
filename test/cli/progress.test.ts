import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startProgress } from "../../src/cli/progress.ts";

const patienceMs = 1000;
const start = (more: { isTty?: boolean; isVerbose?: boolean }) => {
  const written: string[] = [];
  const progress = startProgress({
    write: (text) => void written.push(text),
    isTty: false,
    columns: 40,
    isVerbose: false,
    nowMs: () => Date.now(),
    ...more,
  });
  return { progress, written };
};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("on a terminal", () => {
  test("a short phase is silent", () => {
    const { progress, written } = start({ isTty: true });
    progress.phase("reading");
    vi.advanceTimersByTime(patienceMs - 1);
    progress.end();
    vi.advanceTimersByTime(10 * patienceMs);
    expect(written).toEqual([]);
  });

  test("a long one shows, is replaced by the next, and leaves nothing behind", () => {
    const { progress, written } = start({ isTty: true });
    progress.phase("reading pods");
    vi.advanceTimersByTime(patienceMs);
    expect(written).toEqual(["\r\u001b[Kreading pods …"]);
    progress.phase("reading logs");
    expect(written.at(-1)).toBe("\r\u001b[Kreading logs …");
    progress.end();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  test("one that will block shows at once", () => {
    const { progress, written } = start({ isTty: true });
    progress.heavyPhase("diagnosing");
    expect(written).toEqual(["\r\u001b[Kdiagnosing …"]);
  });

  test("is cut to one line, and names from a cluster cannot act on it", () => {
    const { progress, written } = start({ isTty: true });
    progress.heavyPhase(`reading \u001b[2J${"x".repeat(200)}`);
    expect(written[0]?.slice("\r\u001b[K".length)).toMatch(/^reading \\u\{1b\}\[2Jx+…$/);
    expect(written[0]?.length).toBeLessThanOrEqual("\r\u001b[K".length + 39);
  });
});

test("--verbose: a line for each phase, with the seconds gone by", () => {
  const { progress, written } = start({ isVerbose: true });
  progress.phase("reading pods");
  vi.advanceTimersByTime(1500);
  progress.phase("reading logs");
  progress.end();
  expect(written).toEqual(["0.0s reading pods\n", "1.5s reading logs\n"]);
});

test("neither terminal nor --verbose: silence", () => {
  const { progress, written } = start({});
  progress.phase("reading");
  progress.heavyPhase("diagnosing");
  vi.advanceTimersByTime(10 * patienceMs);
  progress.end();
  expect(written).toEqual([]);
});
