/** The icons: 24 by 24, drawn with one stroke of the text's colour; a few are filled. */

const SVG = "http://www.w3.org/2000/svg";

const PATHS = {
  close: ["M6 6l12 12M18 6L6 18"],
  back: ["M14.5 5.5L8 12l6.5 6.5"],
  forward: ["M9.5 5.5L16 12l-6.5 6.5"],
  heart: ["M12 20.2s-7.8-4.7-7.8-10.5A4.4 4.4 0 0 1 12 7a4.4 4.4 0 0 1 7.8 2.7c0 5.8-7.8 10.5-7.8 10.5z"],
  share: ["M12 15V4M8 7.5L12 3.5l4 4M5 12.5V19a1.5 1.5 0 0 0 1.5 1.5h11A1.5 1.5 0 0 0 19 19v-6.5"],
  captions: [
    "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5z",
    "M10.5 10.6a2.2 2.2 0 1 0 0 2.8M17 10.6a2.2 2.2 0 1 0 0 2.8",
  ],
  sound: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M15.5 9a4 4 0 0 1 0 6M18 6.5a7.6 7.6 0 0 1 0 11"],
  muted: ["M4 9.5v5h3.5L12 18.5v-13L7.5 9.5z", "M16 9.5l5 5M21 9.5l-5 5"],
  bag: [
    "M5.5 8h13l1 11a1.6 1.6 0 0 1-1.6 1.7H6.1A1.6 1.6 0 0 1 4.5 19z",
    "M8.7 10.5V7a3.3 3.3 0 0 1 6.6 0v3.5",
  ],
  cart: [
    "M3 4.5h2.2l2.3 10.6a1.5 1.5 0 0 0 1.5 1.2h7.6a1.5 1.5 0 0 0 1.5-1.1L20 8H6",
    "M9.5 20.2h.01M16.5 20.2h.01",
  ],
  eye: [
    "M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12z",
    "M12 14.6a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2z",
  ],
  send: ["M20.5 3.5L10.8 13.2M20.5 3.5L14.3 20.5l-3.5-7.3-7.3-3.5z"],
  pip: [
    "M4.5 5h15A1.5 1.5 0 0 1 21 6.5v11a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5v-11A1.5 1.5 0 0 1 4.5 5z",
    "M12.5 12.5h5.5v3.5h-5.5z",
  ],
  globe: [
    "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z",
    "M3.7 12h16.6M12 3.5c2.3 2.4 3.5 5.2 3.5 8.5s-1.2 6.1-3.5 8.5c-2.3-2.4-3.5-5.2-3.5-8.5S9.7 5.9 12 3.5z",
  ],
  translate: [
    "M3.5 6h10M8.5 4v2M11.3 6c-.8 3.6-3.3 6.2-7 7.6M6 8.6c1 2.3 3 4 5.6 5",
    "M11.5 20l4.2-9.5L20 20M13 17h5.6",
  ],
  plus: ["M12 5.5v13M5.5 12h13"],
  minus: ["M5.5 12h13"],
  check: ["M5 12.5l4.7 4.7L19 7.8"],
  trash: [
    "M4.5 7h15M9.5 7V4.5h5V7M6.5 7l.8 12a1.5 1.5 0 0 0 1.5 1.5h6.4a1.5 1.5 0 0 0 1.5-1.5L17.5 7M10.2 11v5.5M13.8 11v5.5",
  ],
  truck: [
    "M2.8 6.5H14v10H2.8zM14 10h3.7l3.5 3.5v3H14",
    "M7 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17.3 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  ],
  returns: ["M8 5L4 9l4 4", "M4 9h10a5.5 5.5 0 0 1 0 11H8"],
  leaf: ["M5 19c0-9 5-14 15-14 0 10-5 14-11 14a4 4 0 0 1-4-4", "M5 20c1.5-4 4-7 8-9"],
  lock: [
    "M6.5 11h11A1.5 1.5 0 0 1 19 12.5v6a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 5 18.5v-6A1.5 1.5 0 0 1 6.5 11z",
    "M8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  ],
  card: [
    "M4.5 5.5h15A1.5 1.5 0 0 1 21 7v10a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17V7a1.5 1.5 0 0 1 1.5-1.5z",
    "M3 10h18",
  ],
  alert: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 8v4.8M12 16h.01"],
  info: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 11.2V16M12 8h.01"],
  bell: ["M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4"],
  megaphone: ["M4 10v4h3l8 4V6L7 10zM18 9.5a3.5 3.5 0 0 1 0 5M8 14.5l1 5h2.5l-1-4"],
  bubble: [
    "M20.5 11.5c0 4.1-3.8 7.3-8.5 7.3-1 0-2-.1-2.9-.4L4.5 20l1.2-3.7a6.8 6.8 0 0 1-2.2-4.8c0-4.1 3.8-7.3 8.5-7.3s8.5 3.2 8.5 7.3z",
  ],
  search: ["M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.8 15.8l4.7 4.7"],
  camera: [
    "M4.5 7.5h3l1.5-2.5h6l1.5 2.5h3A1.5 1.5 0 0 1 21 9v9a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 18V9a1.5 1.5 0 0 1 1.5-1.5z",
    "M12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  ],
  flip: ["M4 12a8 8 0 0 1 14-5.3L20 9M20 4.5V9h-4.5M20 12a8 8 0 0 1-14 5.3L4 15M4 19.5V15h4.5"],
  mic: [
    "M12 15a3.2 3.2 0 0 0 3.2-3.2V6.7a3.2 3.2 0 0 0-6.4 0v5.1A3.2 3.2 0 0 0 12 15z",
    "M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3",
  ],
  pin: ["M9 4h6l-.8 6 3.3 3.5H6.5L9.8 10zM12 13.5V20"],
  more: ["M5.5 12h.01M12 12h.01M18.5 12h.01"],
  edit: ["M4.5 19.5l1-4L16 5l3 3L8.5 18.5z"],
  settings: [
    "M5 7.5h8M17 7.5h2M5 16.5h2M11 16.5h8",
    "M15 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM9 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  ],
  upload: ["M12 16V5M7.5 9.5L12 5l4.5 4.5M5 19.5h14"],
  expand: ["M14.5 4.5h5v5M9.5 19.5h-5v-5M19.5 4.5L14 10M4.5 19.5L10 14"],
  grip: ["M9 6h.01M15 6h.01M9 12h.01M15 12h.01M9 18h.01M15 18h.01"],
  play: ["M8 5.5l10.5 6.5L8 18.5z"],
  clock: ["M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17z", "M12 7.5V12l3 2"],
  bars: ["M5 19.5v-4M12 19.5v-9M19 19.5V5"],
  cube: ["M12 3.2l7.6 4.4v8.8L12 20.8l-7.6-4.4V7.6z", "M4.6 7.7L12 12l7.4-4.3M12 12v8.6"],
  mirror: [
    "M12 3.2c3.6 0 6 3 6 7s-2.4 7-6 7-6-3-6-7 2.4-7 6-7z",
    "M12 17.2v3.6M8.5 20.8h7M9.5 8.8c.5-1.4 1.4-2.2 2.6-2.5",
  ],
  compare: ["M12 3.5v17", "M8.5 7L4 12l4.5 5M15.5 7l4.5 5-4.5 5"],
  room: ["M4.5 9V4.5H9M15 4.5h4.5V9M19.5 15v4.5H15M9 19.5H4.5V15", "M12 8.2l3.6 2v4L12 16.2l-3.6-2v-4z"],
  hand: [
    "M8 12.5V6.2a1.4 1.4 0 0 1 2.8 0v4.3M10.8 10.5V4.6a1.4 1.4 0 0 1 2.8 0v5.9M13.6 10.5V5.8a1.4 1.4 0 0 1 2.8 0v6.4",
    "M16.4 9.6a1.4 1.4 0 0 1 2.8 0v4.6c0 3.8-2.6 6.6-6.2 6.6-2.6 0-4.2-1.1-5.4-3.1l-3-5a1.4 1.4 0 0 1 2.3-1.6L8 12.8",
  ],
} as const satisfies Record<string, readonly string[]>;

export type IconName = keyof typeof PATHS;

/** Draws an icon; hidden from assistive technology, the button around it carries the name. */
export function icon(name: IconName, sizePx = 24, filled = false): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", String(sizePx));
  svg.setAttribute("height", String(sizePx));
  svg.setAttribute("class", `v-icon v-icon-${name}`);
  svg.setAttribute("fill", filled ? "currentColor" : "none");
  svg.setAttribute("stroke", "currentColor");
  svg.setAttribute("stroke-width", "1.75");
  svg.setAttribute("stroke-linecap", "round");
  svg.setAttribute("stroke-linejoin", "round");
  svg.setAttribute("aria-hidden", "true");
  for (const data of PATHS[name]) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", data);
    svg.append(path);
  }
  return svg;
}
