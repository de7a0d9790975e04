/** Further icons that only the studio and the console need, drawn like those of `icons.ts`. */

const PATHS = {
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M6 6l12 12",
  camera_turn:
    "M4 8.5h3.5L9 6h6l1.5 2.5H20v10.5H4zM8.8 13.2a3.3 3.3 0 0 1 6-1.4M15.2 14a3.3 3.3 0 0 1-6 1.4M15 9.9v2h-2M9 17.3v-2h2",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  cube: "M12 8l3.5 2v4L12 16l-3.5-2v-4zM12 12l3.5-2M12 12l-3.5-2M12 12v4M5.4 11.4C3.2 8.6 3 6 4.7 4.9c2-1.3 5.7-.2 9.2 2.2M18.6 12.6c2.2 2.8 2.4 5.4.7 6.5-2 1.3-5.7.2-9.2-2.2",
  down: "M6 9l6 6 6-6",
  image: "M4 5h16v14H4zM4 16l4.5-4.5L13 16l2.5-2.5L20 18M15.5 9.5h.01",
  link: "M10 14a4 4 0 0 0 6 .4l2.6-2.6a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.6 2.6a4 4 0 0 0 5.7 5.7l1.4-1.4",
  mic_off:
    "M9 9v2.5a3 3 0 0 0 4.8 2.4M15 12V6.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.2 13.5c.2-.6.3-1.3.3-2M12 18v3M4 4l16 16",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10",
  order: "M5 4h14v16l-3.5-2-3.5 2-3.5-2L5 20zM9 9h6M9 13h4",
  pause: "M8.5 5.5v13M15.5 5.5v13",
  product: "M4 8l8-4.5L20 8v8l-8 4.5L4 16zM4 8l8 4.5L20 8M12 12.5V20",
  show: "M3.5 6h17v12h-17zM10.5 9.5v5l4-2.5z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  up: "M6 15l6-6 6 6",
  words:
    "M3.5 6h10M8.5 4v2M11.3 6c-.8 3.6-3.3 6.2-7 7.6M6 8.6c1 2.3 3 4 5.6 5M11.5 20l4.2-9.5L20 20M13 17h5.6",
  wifi: "M3.5 9.5a12.5 12.5 0 0 1 17 0M6.5 13a8 8 0 0 1 11 0M9.5 16.3a3.8 3.8 0 0 1 5 0M12 19.5h.01",
} as const;

export type WorkIcon = keyof typeof PATHS;

const SVG = "http://www.w3.org/2000/svg";

export function workIcon(name: WorkIcon, sizePx = 24): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: sizePx,
    height: sizePx,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.75,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    class: "v-icon",
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
