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

const ar: ExampleTexts = {
  title: "Hallmark Row · منزل وملابس",
  nav: ["جديدنا", "المنزل", "الملابس", "المدوّنة"],
  cart: "الحقيبة",
  kicker: "مباشر من مشغلنا",
  headline: "اسأل قبل أن تشتري",
  lead: "تعرض ميرا كل قطعة بيدها وتجيب عن أسئلتك، وما ترفعه على بُعد لمسة منك. تبقى في هذه الصفحة، وكذلك حقيبتك.",
  shelf: "معروض اليوم",
  open: "شاهده في البث",
  how: "كيف تفعل هذه الصفحة ذلك",
  howMore: "سكربت واحد وعنصر واحد. معهما البث والدردشة والسلة والدفع؛ أما اللون والزوايا فمن المتجر نفسه.",
  events: "ما أخبر به المشغّل هذه الصفحة",
  noShow: "لا بث مباشر الآن. تعرض هذه الصفحة البث القادم من تلقاء نفسها.",
};

const de: ExampleTexts = {
  title: "Hallmark Row · Wohnen und Mode",
  nav: ["Neu", "Wohnen", "Mode", "Journal"],
  cart: "Tasche",
  kicker: "Live aus unserem Studio",
  headline: "Erst fragen, dann kaufen",
  lead: "Mira zeigt jedes Stück in der Hand und beantwortet deine Fragen. Was sie hochhält, ist einen Tipp entfernt. Du bleibst auf dieser Seite, und deine Tasche auch.",
  shelf: "Heute zu sehen",
  open: "In der Show ansehen",
  how: "So macht es diese Seite",
  howMore:
    "Ein Skript und ein Element. Show, Chat, Warenkorb und Kasse kommen mit; Farbe und Ecken bestimmt der Shop.",
  events: "Was der Player dieser Seite gemeldet hat",
  noShow: "Gerade ist nichts live. Die nächste Show erscheint hier von selbst.",
};

const fr: ExampleTexts = {
  title: "Hallmark Row · Maison et mode",
  nav: ["Nouveautés", "Maison", "Mode", "Journal"],
  cart: "Sac",
  kicker: "En direct de notre atelier",
  headline: "Demandez avant d’acheter",
  lead: "Mira montre chaque pièce en main et répond à vos questions. Ce qu’elle présente est à portée de doigt. Vous restez sur cette page, et votre sac aussi.",
  shelf: "Présentés aujourd’hui",
  open: "Voir dans le direct",
  how: "Comment fait cette page",
  howMore:
    "Un script et un élément. Le direct, le chat, le panier et le paiement viennent avec\u00a0; la couleur et les angles sont ceux de la boutique.",
  events: "Ce que le lecteur a dit à cette page",
  noShow: "Aucun direct pour le moment. Le prochain s’affichera ici de lui-même.",
};

const ja: ExampleTexts = {
  title: "Hallmark Row · 暮らしと服",
  nav: ["新着", "暮らし", "服", "読みもの"],
  cart: "バッグ",
  kicker: "スタジオから生配信",
  headline: "聞いてから、買う",
  lead: "Miraが一つひとつ手に取って見せ、ご質問にお答えします。手にした商品はワンタップで購入できます。このページもバッグの中身もそのままです。",
  shelf: "本日の商品",
  open: "配信で見る",
  how: "このページのしくみ",
  howMore:
    "スクリプト1つと要素1つだけ。配信、チャット、カート、決済がそろい、色と角丸はお店のものを使えます。",
  events: "プレーヤーからこのページへの通知",
  noShow: "現在ライブ配信はありません。次の配信が始まると自動で表示されます。",
};

const ko: ExampleTexts = {
  title: "Hallmark Row · 리빙과 의류",
  nav: ["신상품", "리빙", "의류", "저널"],
  cart: "가방",
  kicker: "스튜디오에서 라이브",
  headline: "물어보고 구매하세요",
  lead: "Mira가 제품을 하나하나 손에 들고 보여 주며 질문에 답합니다. 보여 드린 제품은 한 번의 탭으로 살 수 있어요. 이 페이지도, 가방도 그대로입니다.",
  shelf: "오늘의 상품",
  open: "라이브에서 보기",
  how: "이 페이지의 구성",
  howMore:
    "스크립트 하나와 요소 하나면 됩니다. 라이브, 채팅, 장바구니, 결제가 함께 오고 색상과 모서리는 매장의 것을 씁니다.",
  events: "플레이어가 이 페이지에 알린 것",
  noShow: "지금은 진행 중인 라이브가 없습니다. 다음 라이브가 시작되면 자동으로 표시됩니다.",
};

export const exampleTexts: Record<Language, ExampleTexts> = { en, es, "zh-CN": zhCN, ar, de, fr, ja, ko };
