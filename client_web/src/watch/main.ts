/** The full-screen page of one show: /watch/{show_id}. */

import "../ui/page.css";
import "./watch.css";
import "../player/element.ts";
import { currentLanguage, directionOf } from "../texts/index.ts";
import { h } from "../ui/dom.ts";
import { keepInstallable } from "../ui/installable.ts";

const showId = decodeURIComponent(location.pathname.split("/").filter(Boolean)[1] ?? "");
const language = currentLanguage();
document.documentElement.lang = language;
document.documentElement.dir = directionOf(language);
const player = h("vitrine-player" as "div", { attrs: { show: showId, server: location.origin, page: true } });
player.addEventListener("vitrine:show-loaded", (event) => {
  document.title = `${(event as CustomEvent<{ title: string }>).detail.title} · Vitrine`;
});
document.body.append(player);
keepInstallable();
