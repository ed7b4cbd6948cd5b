/** A panel before it has its place; the shapes are Grafana's (grafana/grafana kinds/dashboard/dashboard_kind.cue). */
export interface PanelSpec {
  readonly title: string;
  readonly description: string;
  readonly unit: "reqps" | "percentunit" | "s" | "ms" | "short" | "bool_yes_no" | "dateTimeFromNow";
  readonly queries: readonly Query[];
  /** Default: a quarter of the width over; at most 24. */
  readonly width?: number;
  readonly draw?: "line" | "bars" | "stacked bars";
  /** Above it the line is drawn in red. */
  readonly limit?: number;
  readonly max?: number;
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

/** The variable of the dashboard that the reader chooses a Prometheus with. */
export const datasource = { type: "prometheus", uid: "${datasource}" } as const;

const gridWidth = 24;
const height = 8;

/** Panels under their headings, in rows from left to right. */
export function placed(
  sections: readonly { readonly title: string; readonly panels: readonly PanelSpec[] }[],
) {
  const out: object[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    out.push({
      type: "row",
      id: out.length + 1,
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: gridWidth, h: 1 },
      panels: [],
    });
    y += 1;
    let x = 0;
    for (const spec of panels) {
      const w = spec.width ?? 12;
      if (x + w > gridWidth) {
        x = 0;
        y += height;
      }
      out.push(panel(spec, out.length + 1, { x, y, w, h: height }));
      x += w;
    }
    y += height;
  }
  return out;
}

function panel(spec: PanelSpec, id: number, gridPos: object): object {
  const { title, description, unit, queries, draw = "line", limit, max } = spec;
  return {
    type: "timeseries",
    id,
    title,
    description,
    datasource,
    gridPos,
    targets: queries.map(({ expr, legend }, at) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + at),
      datasource,
      expr,
      legendFormat: legend,
      range: true,
      editorMode: "code",
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        ...(max === undefined ? {} : { max }),
        custom: {
          drawStyle: draw === "line" ? "line" : "bars",
          lineWidth: 1,
          fillOpacity: draw === "line" ? 8 : 70,
          showPoints: "never",
          spanNulls: false,
          stacking: { mode: draw === "stacked bars" ? "normal" : "none", group: "A" },
          thresholdsStyle: { mode: limit === undefined ? "off" : "line" },
        },
        thresholds: {
          mode: "absolute",
          steps: [
            { value: null, color: "green" },
            ...(limit === undefined ? [] : [{ value: limit, color: "red" }]),
          ],
        },
      },
      overrides: [],
    },
    options: {
      legend: { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] },
      tooltip: { mode: "multi", sort: "desc" },
    },
  };
}
