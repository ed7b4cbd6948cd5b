import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderIncidentHtml } from "../../src/render/html/page.ts";
import { incidentOf, recorded } from "../support/incident-of.ts";
import { attacks, poisoned } from "../support/poisoned.ts";
import { type Browser, startBrowser } from "./chromium.ts";

const report = incidentOf(await recorded("lab-rollout-bad-revision"));
const folder = mkdtempSync(join(tmpdir(), "why5xx-page-"));
let browser: Browser;

function written(name: string, html: string): string {
  const path = join(folder, name);
  writeFileSync(path, html);
  return pathToFileURL(path).href;
}
const url = written("incident.html", renderIncidentHtml(report));

beforeAll(async () => {
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Pixels of a PNG of 8-bit RGB or RGBA (PNG 3rd edition, 9.2: each line has its filter). */
function pixelsOf(png: Buffer): { width: number; height: number; at(x: number, y: number): number[] } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const size = png[25] === 6 ? 4 : 3;
  const data: Buffer[] = [];
  for (let i = 8; i < png.length; i += png.readUInt32BE(i) + 12) {
    if (png.toString("latin1", i + 4, i + 8) === "IDAT")
      data.push(png.subarray(i + 8, i + 8 + png.readUInt32BE(i)));
  }
  const raw = inflateSync(Buffer.concat(data));
  const stride = width * size;
  const out = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    for (let i = 0; i < stride; i++) {
      const a = i >= size ? out[y * stride + i - size]! : 0;
      const b = y > 0 ? out[(y - 1) * stride + i]! : 0;
      const c = i >= size && y > 0 ? out[(y - 1) * stride + i - size]! : 0;
      const [pa, pb, pc] = [Math.abs(b - c), Math.abs(a - c), Math.abs(a + b - 2 * c)];
      const paeth = pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
      const add = [0, a, b, (a + b) >> 1, paeth][filter ?? 0] ?? 0;
      out[y * stride + i] = raw[y * (stride + 1) + 1 + i]! + add;
    }
  }
  return { width, height, at: (x, y) => [...out.subarray(y * stride + x * size, y * stride + x * size + 3)] };
}

async function screenshot(scheme: "light" | "dark") {
  const page = await browser.open({ url, scheme });
  const { data } = await page.send("Page.captureScreenshot", { format: "png" });
  const { requests, messages } = page;
  await page.close();
  return { pixels: pixelsOf(Buffer.from(String(data), "base64")), requests, messages };
}

describe.each(["light", "dark"] as const)("in %s", (scheme) => {
  test("it is drawn, on a ground of that kind, asks for nothing and complains of nothing", async () => {
    const { pixels, requests, messages } = await screenshot(scheme);
    const ground = pixels.at(2, 2).reduce((a, b) => a + b, 0) / 3;
    expect(scheme === "light" ? ground : 255 - ground).toBeGreaterThan(220);
    const colours = new Set<string>();
    for (let y = 0; y < pixels.height; y += 3)
      for (let x = 0; x < pixels.width; x += 3) colours.add(pixels.at(x, y).join());
    expect(colours.size).toBeGreaterThan(100);
    expect(requests).toEqual([url]);
    expect(messages).toEqual([]);
  });

  test("text stands out from what is behind it by 4.5 to 1 at least", async () => {
    const page = await browser.open({ url, scheme });
    const pairs = await page.evaluate<{ text: string; ratio: number }[]>(contrasts);
    await page.close();
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter((p) => p.ratio < 4.5)).toEqual([]);
  });
});

/** WCAG 2.2, relative luminance and contrast ratio, of each element with text of its own. */
const contrasts = `(() => {
  const rgb = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return n.length > 3 && n[3] === 0 ? undefined : n; };
  const lum = (n) => { const [r, g, b] = n.slice(0, 3).map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const ground = (e) => { for (; e; e = e.parentElement) { if (e instanceof SVGElement && e.tagName !== "svg") continue; const c = rgb(getComputedStyle(e).backgroundColor); if (c) return c; } return [255, 255, 255]; };
  const own = (e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim() !== "");
  return [...document.body.querySelectorAll("*")].filter((e) => own(e) && !["title", "desc"].includes(e.tagName) && !e.closest(".rule") && e.checkVisibility()).map((e) => {
    const s = getComputedStyle(e);
    const ink = rgb(e instanceof SVGElement ? s.fill : s.color);
    const [a, b] = [lum(ink), lum(ground(e))].sort((x, y) => y - x);
    return { text: e.textContent.trim().slice(0, 40), ratio: Math.round(((a + 0.05) / (b + 0.05)) * 100) / 100 };
  });
})()`;

test("who does not see it hears its parts: landmarks, headings in order, the picture in words, tables with heads", async () => {
  const page = await browser.open({ url });
  const nodes = await page.accessibilityTree();
  await page.close();
  const names = (role: string): string[] => nodes.filter((n) => n.role === role).map((n) => n.name);
  expect(names("RootWebArea")).toEqual(["502 at shop.example.org/cart · Incident report"]);
  expect(["banner", "main", "contentinfo"].map((role) => names(role).length)).toEqual([1, 1, 1]);
  const headings = nodes.filter((n) => n.role === "heading");
  expect(headings[0]).toMatchObject({ level: 1, name: "502 at shop.example.org/cart" });
  expect(headings.every((h, i) => (h.level ?? 9) <= (headings[i - 1]?.level ?? 0) + 1)).toBe(true);
  expect(headings.map((h) => h.name)).toEqual(
    expect.arrayContaining([
      "Impact",
      "Timeline",
      "Why it happened",
      "Evidence",
      "Fix",
      "Verification",
      "Escalation",
    ]),
  );
  expect([...names("image"), ...names("img")]).toContain("Failures over the lives of pods");
  expect(names("columnheader")).toEqual(expect.arrayContaining(["time (UTC)", "what happened", "cause"]));
  expect(names("region")).toEqual(expect.arrayContaining(["Picture of failures and pods"]));
  for (const role of ["image", "img", "link", "region", "heading", "columnheader"])
    expect([role, names(role).filter((name) => name === "")]).toEqual([role, []]);
});

test("nothing that a stranger wrote runs or is asked for", async () => {
  const hostile = written("hostile.html", renderIncidentHtml(poisoned(report, attacks.join(" "))));
  const page = await browser.open({ url: hostile });
  const found = await page.evaluate<unknown>(
    "[window.pwned ?? null, document.scripts.length, document.images.length, document.querySelectorAll('iframe').length]",
  );
  expect(found).toEqual([null, 0, 0, 0]);
  expect(page.requests).toEqual([hostile]);
  await page.close();
});

test("on a narrow screen the page does not scroll sideways, only its picture and tables do", async () => {
  const page = await browser.open({ url, width: 390, height: 800 });
  const [scroll, client] = await page.evaluate<[number, number]>(
    "[document.documentElement.scrollWidth, document.documentElement.clientWidth]",
  );
  await page.close();
  expect(scroll).toBeLessThanOrEqual(client);
});

test("it prints, with what is folded away on the screen", { retry: 2 }, async () => {
  const page = await browser.open({ url });
  const { data } = await page.send("Page.printToPDF", { preferCSSPageSize: true, printBackground: true });
  const pdf = Buffer.from(String(data), "base64").toString("latin1");
  expect(pdf.slice(0, 5)).toBe("%PDF-");
  const pages = pdf.match(/\/Type \/Page\b/g)?.length ?? 0;
  await page.send("Emulation.setEmulatedMedia", { media: "print" });
  const [hidden, wide] = await page.evaluate<[number, boolean]>(
    "[[...document.querySelectorAll('details td')].filter((e) => !e.checkVisibility({ contentVisibilityAuto: true })).length, document.querySelectorAll('details td').length > 50]",
  );
  await page.close();
  expect([hidden, wide]).toEqual([0, true]);
  expect(pages).toBeGreaterThan(2);
  expect(pages).toBeLessThan(20);
});
