/** What an autoscaler remembers between its looks: it is not in the object, and lost when the controller restarts. */
export interface ScalingHistory {
  /** The size it was found at counts as recommended: without it the first look could scale down at once. */
  begin(replicas: number, nowMs: number): void;
  recommend(replicas: number, nowMs: number): void;
  /** Lowest and highest of `replicas` and what was recommended in the last `windowSeconds`. */
  extremes(replicas: number, windowSeconds: number, nowMs: number): { lowest: number; highest: number };
  scaled(from: number, to: number, nowMs: number): void;
  added(seconds: number, nowMs: number): number;
  removed(seconds: number, nowMs: number): number;
}

/** Longest window and period of the API: an hour (kubernetes pkg/apis/autoscaling/validation/validation.go). */
const rememberedMs = 3_600_000;

export function openScalingHistory(): ScalingHistory {
  let recommendations: { readonly atMs: number; readonly replicas: number }[] = [];
  let changes: { readonly atMs: number; readonly by: number }[] = [];
  const sum = (seconds: number, nowMs: number, sign: 1 | -1): number =>
    changes
      .filter(({ atMs, by }) => atMs > nowMs - seconds * 1000 && by * sign > 0)
      .reduce((total, { by }) => total + by * sign, 0);
  return {
    begin: (replicas, nowMs) => {
      if (recommendations.length === 0) recommendations.push({ atMs: nowMs, replicas });
    },
    recommend: (replicas, nowMs) => {
      recommendations = recommendations.filter(({ atMs }) => atMs > nowMs - rememberedMs);
      recommendations.push({ atMs: nowMs, replicas });
    },
    extremes: (replicas, windowSeconds, nowMs) => {
      const recent = recommendations.filter(({ atMs }) => atMs > nowMs - windowSeconds * 1000);
      const all = [replicas, ...recent.map((r) => r.replicas)];
      return { lowest: Math.min(...all), highest: Math.max(...all) };
    },
    scaled: (from, to, nowMs) => {
      changes = changes.filter(({ atMs }) => atMs > nowMs - rememberedMs);
      changes.push({ atMs: nowMs, by: to - from });
    },
    added: (seconds, nowMs) => sum(seconds, nowMs, 1),
    removed: (seconds, nowMs) => sum(seconds, nowMs, -1),
  };
}
