/** Line icons of the studio and the console: a 24 px grid, drawn with the text's colour, silent for screen readers. */

const PATHS = {
  add: "M12 5v14M5 12h14",
  announce: "M4 10v4h3l8 4V6L7 10zM18.5 9a4 4 0 0 1 0 6M8 14.5 9.2 19",
  archive: "M4 8h16v11H4zM3 4.5h18V8H3zM10 12h4",
  back: "M15 5l-7 7 7 7",
  block: "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M6 6l12 12",
  camera: "M3.5 7.5h11v9h-11zM14.5 11l6-3v8l-6-3",
  chat: "M4 5h16v11H9.5L5 19.5V16H4z",
  check: "M5 12.5l4.5 4.5L19 7.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h10v11H9zM15 9V4H5v11h4",
  down: "M6 9l6 6 6-6",
  drag: "M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01",
  edit: "M4.5 19.5l1-4L16 5l3 3L8.5 18.5zM14 7l3 3",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6",
  image: "M4 5h16v14H4zM4 16l4.5-4.5L13 16l2.5-2.5L20 18M15.5 9.5h.01",
  link: "M10 14a4 4 0 0 0 6 .4l2.6-2.6a4 4 0 0 0-5.7-5.7L11.5 7.5M14 10a4 4 0 0 0-6-.4l-2.6 2.6a4 4 0 0 0 5.7 5.7l1.4-1.4",
  mic: "M12 3.5a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0v-5a3 3 0 0 0-3-3M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  mic_off:
    "M9 9v2.5a3 3 0 0 0 4.8 2.4M15 12V6.5a3 3 0 0 0-5.8-1M5.5 11.5a6.5 6.5 0 0 0 10.6 5M18.2 13.5c.2-.6.3-1.3.3-2M12 18v3M4 4l16 16",
  minus: "M5 12h14",
  moon: "M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  order: "M5 4h14v16l-3.5-2-3.5 2-3.5-2L5 20zM9 9h6M9 13h4",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  product: "M4 8l8-4.5L20 8v8l-8 4.5L4 16zM4 8l8 4.5L20 8M12 12.5V20",
  search: "M11 4.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M16 16l4 4",
  send: "M5 12h13M12 5.5l6.5 6.5-6.5 6.5",
  settings: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.5v5M9 14.5v5",
  show: "M3.5 6h17v12h-17zM10.5 9.5v5l4-2.5z",
  slow: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.5l3 2",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
  trash: "M5 7h14M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10 11v5M14 11v5",
  turn: "M4 8.5h3l1.5-2.5h7L17 8.5h3v10H4zM9 13.5a3 3 0 0 1 5.5-1.5M15 13.5a3 3 0 0 1-5.5 1.5M14.7 10v2h-2M9.3 17v-2h2",
  undo: "M8 5L4 9l4 4M4 9h10a5.5 5.5 0 0 1 0 11H9",
  up: "M6 15l6-6 6 6",
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
    // Dots are strokes of no length: they need a heavier line.
    "stroke-width": name === "drag" || name === "more" ? 2.5 : 1.75,
    "stroke-linecap": "round",
    "stroke-linejoin": "round",
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, String(value));
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
