/** The words of the example shop. */

import type { Language } from "../texts/index.ts";

const en = {
  title: "Hallmark Row · Homeware and clothing",
  nav: ["New in", "Home", "Wear", "Journal"],
  cart: "Bag",
  kicker: "Live from our studio",
  headline: "Ask before you buy",
  lead: "Mira shows every piece by hand, answers what you ask, and what she holds up is one tap away. You stay on this page, and so does your bag.",
  shelf: "Shown today",
  open: "Look at it in the show",
  how: "How this page does it",
  howMore:
    "One script and one element. The show, the chat, the cart and the checkout come with it; the accent and the corners are the shop's own.",
  events: "What the player told this page",
  noShow: "Nothing is live right now. This page shows the next live show by itself.",
};

type ExampleTexts = typeof en;

const es: ExampleTexts = {
  title: "Hallmark Row · Hogar y ropa",
  nav: ["Novedades", "Hogar", "Ropa", "Diario"],
  cart: "Bolsa",
  kicker: "En directo desde nuestro estudio",
  headline: "Pregunta antes de comprar",
  lead: "Mira enseña cada pieza en la mano, responde a lo que preguntas, y lo que muestra está a un toque. Te quedas en esta página, y tu bolsa también.",
  shelf: "Hoy en el directo",
  open: "Verlo en el directo",
  how: "Cómo lo hace esta página",
  howMore:
    "Un script y un elemento. El directo, el chat, el carrito y el pago vienen con él; el color y las esquinas son de la tienda.",
  events: "Lo que el reproductor contó a esta página",
  noShow: "Ahora no hay ningún directo. Esta página muestra el próximo por sí sola.",
};

const zhCN: ExampleTexts = {
  title: "Hallmark Row · 家居与服饰",
  nav: ["新品", "家居", "服饰", "随笔"],
  cart: "购物袋",
  kicker: "来自我们的直播间",
  headline: "先问清楚，再下单",
  lead: "Mira 亲手展示每一件商品，回答您的问题；她拿起的东西，轻点一下就能买到。您不用离开本页，购物袋也一样。",
  shelf: "今日展示",
  open: "在直播中查看",
  how: "本页是怎么做的",
  howMore: "一个脚本加一个元素。直播、聊天、购物车和结算都在其中；主色和圆角由店铺自己决定。",
  events: "播放器告诉本页的事",
  noShow: "目前没有直播。有直播时本页会自动显示。",
};

export const exampleTexts: Record<Language, ExampleTexts> = { en, es, "zh-CN": zhCN };
