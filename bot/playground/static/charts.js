// A data_visualization block: a picture for the eyes, and the same numbers as a table for everybody else.

import { h, uid } from "./dom.js";
import { t } from "./store.js";

const NS = "http://www.w3.org/2000/svg";
const WIDTH = 600, HEIGHT = 220, LEFT = 44, BOTTOM = 24;

function shape(tag, attributes, ...children) {
  const node = document.createElementNS(NS, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const words = (x, y, text, anchor) => shape("text", { x, y, "text-anchor": anchor, class: "axis" }, text);

/** A round number that the highest value fits under. */
function ceiling(values) {
  const most = Math.max(1, ...values);
  const step = 10 ** Math.floor(Math.log10(most));
  return Math.ceil(most / step) * step;
}

function frame(categories, top) {
  const slot = (WIDTH - LEFT) / categories.length;
  const y = (value) => HEIGHT - BOTTOM - (Math.max(0, value) / top) * (HEIGHT - BOTTOM - 10);
  const often = Math.ceil(categories.length / 7);
  const marks = [0, top / 2, top].flatMap((value) => [
    shape("line", { x1: LEFT, x2: WIDTH, y1: y(value), y2: y(value), class: "grid" }),
    words(LEFT - 6, y(value) + 4, String(value), "end")]);
  const names = categories.map((name, i) => (i % often ? "" : words(LEFT + slot * (i + 0.5), HEIGHT - 6, name, "middle")));
  return { slot, y, marks: [...marks, ...names.filter(Boolean)] };
}

function plotted(chart) {
  const { categories } = chart.axis_config;
  const rows = chart.series.map((s) => categories.map((c) => s.data.find((p) => p.label === c)?.value ?? 0));
  const { slot, y, marks } = frame(categories, ceiling(rows.flat()));
  const thin = (slot * 0.7) / rows.length;
  const bars = (row, s) => row.map((value, i) => shape("rect", {
    x: LEFT + slot * (i + 0.15) + thin * s, width: Math.max(2, thin - 2), y: y(value), height: y(0) - y(value), class: `plot-${s}`,
  }));
  const line = (row, s) => {
    const points = row.map((value, i) => `${LEFT + slot * (i + 0.5)},${y(value)}`);
    const ground = [`${LEFT + slot * (row.length - 0.5)},${y(0)}`, `${LEFT + slot * 0.5},${y(0)}`];
    const under = chart.type === "area" && shape("polygon", { points: [...points, ...ground].join(" "), class: `plot-${s} under` });
    return [under, shape("polyline", { points: points.join(" "), class: `line-${s}` })].filter(Boolean);
  };
  return [...marks, ...rows.flatMap(chart.type === "bar" ? bars : line)];
}

function pie(chart) {
  const whole = chart.segments.reduce((sum, s) => sum + s.value, 0) || 1;
  let from = 0;
  return chart.segments.map((s, i) => {
    const share = (s.value / whole) * 100;
    const slice = shape("circle", {
      r: 50, cx: WIDTH / 2, cy: HEIGHT / 2, fill: "none", "stroke-width": 100, pathLength: 100,
      "stroke-dasharray": `${share} ${100 - share}`, "stroke-dashoffset": 25 - from, class: `line-${i} slice`,
    });
    from += share;
    return slice;
  });
}

function numbers(chart) {
  if (chart.type === "pie") return { head: ["", ""], rows: chart.segments.map((s) => [s.label, s.value]) };
  const value = (s, c) => s.data.find((p) => p.label === c)?.value ?? "";
  const rows = chart.axis_config.categories.map((c) => [c, ...chart.series.map((s) => value(s, c))]);
  return { head: [chart.axis_config.x_label || "", ...chart.series.map((s) => s.name)], rows };
}

export function visualization(block) {
  const { chart, title } = block;
  const names = chart.type === "pie" ? chart.segments.map((s) => s.label) : chart.series.map((s) => s.name);
  const svg = shape("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart", "aria-hidden": "true" },
    ...(chart.type === "pie" ? pie(chart) : plotted(chart)));
  const id = uid("chart");
  const { head, rows } = numbers(chart);
  return h("figure", { "aria-labelledby": id }, h("figcaption", { id }, title), svg,
    h("ul", { class: "legend", "aria-hidden": "true" }, names.map((name, i) => h("li", {}, h("span", { class: `key plot-${i}` }), name))),
    h("details", { class: "numbers" }, h("summary", {}, t().numbers), h("table", {},
      h("thead", {}, h("tr", {}, head.map((name) => (name ? h("th", { scope: "col" }, name) : h("td", {}))))),
      h("tbody", {}, rows.map(([name, ...values]) => h("tr", {}, h("th", { scope: "row" }, name), values.map((v) => h("td", {}, String(v)))))))));
}
