/** The page of one show: puts the parts together, keeps them up to date, and carries out what the host taps. */

import type { OrderPlaced } from "../protocol/messages.ts";
import { h, setText } from "../ui/dom.ts";
import type { Toasts } from "../ui/toasts.ts";
import { AiHost } from "./ai_host.ts";
import type { BroadcastState } from "./broadcast.ts";
import { ChatView } from "./chat_view.ts";
import { HostActs } from "./host_acts.ts";
import { HostListening } from "./listening.ts";
import type { LiveShow } from "./live_show.ts";
import type { NetworkReport } from "./network_check.ts";
import type { OnAir } from "./on_air.ts";
import { PictureWatch } from "./picture_quality.ts";
import { ProductDesk } from "./product_desk.ts";
import { Rail } from "./rail.ts";
import { ReadyPanel } from "./ready_panel.ts";
import {
  deviceFields,
  openAnnouncementSheet,
  openChatSheet,
  openDevicesSheet,
  openEndSheet,
} from "./room_sheets.ts";
import { type RundownItem, rundownItems } from "./rundown_items.ts";
import { RundownView } from "./rundown_view.ts";
import { ShowNotice } from "./show_notice.ts";
import type { ShowPlan } from "./show_plan.ts";
import { OrderSlips } from "./slips.ts";
import { SlipsView } from "./slips_view.ts";
import { openSoldSheet, soldText } from "./sold_sheet.ts";
import { watchLevel } from "./sound_level.ts";
import { Stage, type StageNote } from "./stage.ts";
import { TopBar } from "./top_bar.ts";
import { keepAwake } from "./wake_lock.ts";
import type { Words } from "./words.ts";

export interface ShowPageOptions {
  words: Words;
  show: LiveShow;
  onAir: OnAir;
  plan: ShowPlan;
  toasts: Toasts;
  checkNetwork: () => Promise<NetworkReport>;
  /** Watches the show while another device films it. */
  watch: (show: (track: MediaStreamTrack | null) => void, signal: AbortSignal) => void;
  interpreters: (failed: (error: unknown) => void) => void;
  leave: () => void;
  ended: (summary: { showMs: number; orders: number; sold: string }) => void;
  signal: AbortSignal;
}

/** The show's picture while another device films. */
interface Beside {
  stop: AbortController;
  track: MediaStreamTrack | null;
}

const TICK_MS = 500;

export class ShowPage {
  readonly element: HTMLElement;
  readonly #options: ShowPageOptions;
  readonly #acts: HostActs;
  readonly #slips = new OrderSlips();
  readonly #picture = new PictureWatch();
  readonly #stage: Stage;
  readonly #top: TopBar;
  readonly #rail: Rail;
  readonly #ready: ReadyPanel;
  readonly #rundown: RundownView;
  readonly #chat: ChatView;
  readonly #slipsView: SlipsView;
  readonly #ai: AiHost;
  readonly #listening: HostListening;
  readonly #products: ProductDesk;
  readonly #notice: ShowNotice;
  readonly #said = h("p", { class: "v-hidden", attrs: { role: "status", "aria-live": "polite" } });
  #network: NetworkReport | null = null;
  #metered: { track: MediaStreamTrack; stop: AbortController } | null = null;
  #awake: AbortController | null = null;
  #beside: Beside | null = null;
  #hadPicture = false;
  #air: BroadcastState = "off";
  #isUpdating = false;
  #isEnding = false;

  constructor(options: ShowPageOptions) {
    this.#options = options;
    const { words, show, onAir, signal } = options;
    this.#acts = new HostActs({ ...options, say: (text) => setText(this.#said, text) });
    this.#products = new ProductDesk({ ...options, acts: this.#acts, items: () => this.#items() });
    this.#notice = new ShowNotice({
      ...options,
      picture: this.#picture,
      sentence: (error) => this.#acts.sentence(error),
    });
    this.#stage = new Stage(words, {
      retry: () => void onAir.openCamera(),
      filmHere: () => void onAir.filmHere(),
    });
    const announcement = (): void =>
      openAnnouncementSheet(options, show.state?.announcement ?? "", (text) => {
        void this.#acts.do({ type: "announce", text });
      });
    this.#top = new TopBar(words, {
      announcement,
      end: () => openEndSheet(options, () => void this.#end()),
      leave: options.leave,
      orders: () => openSoldSheet(options, this.#slips, (id) => show.product(id)),
    });
    this.#rail = new Rail(words, {
      turnAround: () => void onAir.capture.turnAround().catch((error: unknown) => this.#acts.failed(error)),
      toggleMute: () => onAir.capture.setMuted(!onAir.capture.muted),
      devices: () => openDevicesSheet(options, onAir.capture, (error) => this.#acts.failed(error)),
      announcement,
      aiHost: () => this.#acts.editAiHost(() => this.refresh()),
      interpreters: () => options.interpreters((error) => this.#acts.failed(error)),
      chatSettings: () =>
        openChatSheet(
          options,
          show.state?.slow_mode_s ?? 0,
          (seconds) => void this.#acts.do({ type: "chat.slow_mode", seconds }),
        ),
    });
    this.#ready = new ReadyPanel(words, {
      goLive: () => onAir.goLive(),
      editTitle: () => this.#acts.editTitle(),
      chooseProducts: () => void this.#acts.chooseProducts(),
      editAiHost: () => this.#acts.editAiHost(() => this.refresh()),
      checkNetwork: () => void this.#checkNetwork(),
      share: () => void this.#acts.share(),
    });
    this.#rundown = new RundownView(
      words,
      {
        togglePin: (id) => void this.#acts.togglePin(id),
        details: (id) => this.#products.open(id),
        chooseProducts: () => void this.#acts.chooseProducts(),
      },
      signal,
    );
    this.#chat = new ChatView(words, {
      say: (text) => this.#acts.do({ type: "chat.send", text }),
      moderate: (line) => this.#acts.moderate(line),
    });
    this.#slipsView = new SlipsView(words, (id) => show.product(id));
    this.#ai = new AiHost({
      ...options,
      failed: (error) => this.#acts.failed(error),
      settings: () => this.#acts.editAiHost(() => this.refresh()),
    });
    this.#listening = new HostListening({ ...options, act: (request) => this.#acts.do(request) });
    this.#rail.element.append(this.#listening.button);
    const talk = h("div", { class: "talk" }, this.#slipsView.element, this.#chat.lines, this.#chat.form);
    this.element = h(
      "main",
      { class: "studio" },
      h("h1", { class: "v-hidden" }, words.texts.studio),
      this.#stage.element,
      this.#top.element,
      h(
        "div",
        { class: "lower" },
        h("div", { class: "middle" }, talk, this.#rail.element),
        this.#ai.strip,
        this.#ready.element,
        this.#rundown.element,
      ),
      this.#notice.element,
      this.#said,
    );
    show.on("changed", () => this.refresh(), signal);
    show.on("order", (order) => this.#ordered(order), signal);
    const tick = setInterval(() => this.#update(), TICK_MS);
    signal.addEventListener("abort", () => this.#leave(tick), { once: true });
    void this.#checkNetwork();
    void this.#recallOrders();
  }

  /** Something has changed; many changes at once are drawn once. */
  refresh(): void {
    if (this.#isUpdating) return;
    this.#isUpdating = true;
    queueMicrotask(() => {
      this.#isUpdating = false;
      this.#update();
    });
  }

  #leave(tick: ReturnType<typeof setInterval>): void {
    clearInterval(tick);
    this.#metered?.stop.abort();
    this.#awake?.abort();
    this.#beside?.stop.abort();
  }

  #update(): void {
    const { show, onAir, toasts, signal } = this.#options;
    const { texts } = this.#options.words;
    const { state } = show;
    if (state === null || signal.aborted) return;
    if (state.status === "ended" && !this.#isEnding) {
      void this.#finish();
      return;
    }
    // The AI host's picture takes the show from nobody.
    if (show.ingest && state.presenter === "human") onAir.pictureArrives(show.ingest);
    // How the AI host's picture arrives is not for a person to mend.
    const ingest = state.presenter === "human" ? show.ingest : null;
    if (onAir.broadcast.state === "on_air" || onAir.isBeside) this.#picture.take(ingest);
    else this.#picture.reset();
    const isLive = onAir.isOnTheWay || onAir.isBeside;
    // Not heard any more: the show is away, or the AI host has stepped in.
    const hasPicture = state.status === "live" && state.presenter === "human";
    if (this.#hadPicture && !hasPicture && state.status !== "ended") onAir.pictureLost();
    this.#hadPicture = hasPicture;
    const air = onAir.broadcast.state;
    if (this.#air === "reconnecting" && air === "on_air") toasts.show({ text: texts.resumed, kind: "good" });
    this.#air = air;
    this.element.dataset.phase = isLive ? "live" : "ready";
    this.element.dataset.air = onAir.isBeside ? "beside" : onAir.broadcast.state;
    this.#watchBeside(onAir.isBeside);
    const picture = this.#beside?.track ?? onAir.capture.video;
    this.#stage.showTrack(picture, this.#beside === null && onAir.capture.mirrored);
    this.#stage.note(this.#stageNote());
    this.#top.update({
      isLive,
      showMs: show.showMs,
      viewers: show.viewers,
      ingest,
      quality: this.#picture.quality,
      orders: this.#slips.count,
      sold: soldText(this.#slips, this.#options.words),
      announcement: state.announcement,
    });
    this.#rail.update({
      isLive,
      hasCamera: onAir.capture.video !== null,
      isMuted: onAir.capture.muted,
      announcement: state.announcement,
      slowModeS: state.slow_mode_s,
      hasAiHost: show.aiDesk !== null,
    });
    const items = this.#items();
    this.#rundown.update(items);
    this.#ready.update({
      state,
      products: items.map((item) => item.product).filter((product) => product !== undefined),
      network: this.#network,
      aiHost: this.#options.plan.aiHost,
      canGoLive: onAir.capture.video !== null || onAir.capture.audio !== null,
      isStarting: onAir.broadcast.state === "connecting",
      isMuted: onAir.capture.muted,
      devicesKey: this.#devicesKey(),
      devices: () => deviceFields(this.#options.words, onAir.capture, (error) => this.#acts.failed(error)),
    });
    this.#chat.update(state.chat, show.you?.id ?? "");
    this.#slipsView.show(this.#slips.visible(performance.now()));
    this.#ai.update();
    this.#listening.update();
    this.#products.update();
    this.#notice.update();
    this.#meter();
    this.#stayAwake(onAir.isOnTheWay);
  }

  #devicesKey(): string {
    const { capture } = this.#options.onAir;
    const chosen = [capture.video, capture.audio].map((track) => track?.getSettings().deviceId);
    const known = [...capture.cameras, ...capture.microphones].map(
      (device) => device.deviceId + device.label,
    );
    return JSON.stringify([known, chosen]);
  }

  #items(): RundownItem[] {
    const { show, plan } = this.#options;
    return show.state ? rundownItems(show.state, plan.currency, (id) => show.product(id)) : [];
  }

  #stageNote(): StageNote {
    const { onAir } = this.#options;
    if (onAir.isBeside) {
      const isAi = this.#options.show.state?.presenter === "ai";
      return { kind: "beside", by: isAi ? "ai" : "device" };
    }
    if (onAir.fault !== null) return { kind: "fault", fault: onAir.fault };
    return onAir.isOpening && onAir.capture.video === null ? { kind: "opening" } : null;
  }

  #meter(): void {
    const { onAir } = this.#options;
    const track = onAir.isOnTheWay ? null : onAir.capture.audio;
    if (this.#metered?.track === track) return;
    this.#metered?.stop.abort();
    this.#metered = null;
    if (track === null) return;
    const stop = new AbortController();
    this.#metered = { track, stop };
    watchLevel(track, (level) => this.#ready.setLevel(level, onAir.capture.muted), stop.signal);
  }

  #watchBeside(isBeside: boolean): void {
    if (isBeside && this.#beside === null) {
      const beside: Beside = { stop: new AbortController(), track: null };
      this.#beside = beside;
      this.#options.watch((track) => {
        beside.track = track;
        this.refresh();
      }, beside.stop.signal);
    } else if (!isBeside && this.#beside !== null) {
      this.#beside.stop.abort();
      this.#beside = null;
    }
  }

  #stayAwake(isOnAir: boolean): void {
    if (isOnAir && this.#awake === null) {
      this.#awake = new AbortController();
      keepAwake(this.#awake.signal);
    } else if (!isOnAir && this.#awake !== null) {
      this.#awake.abort();
      this.#awake = null;
    }
  }

  /** Sums are of the whole show, also after the page was opened anew. */
  async #recallOrders(): Promise<void> {
    try {
      this.#slips.recall(await this.#options.plan.orders());
      this.refresh();
    } catch {
      // The sums then hold what this page has seen; the console has all.
    }
  }

  #ordered(order: OrderPlaced): void {
    const { words } = this.#options;
    if (!this.#slips.add(order, performance.now())) return;
    const amount = words.formats.money(order.total_minor, order.currency);
    setText(this.#said, words.texts.orderSaid(order.buyer_name, amount));
  }

  async #checkNetwork(): Promise<void> {
    this.#network = null;
    this.refresh();
    this.#network = await this.#options.checkNetwork();
    this.refresh();
  }

  async #end(): Promise<void> {
    try {
      await this.#options.plan.end();
      await this.#finish();
    } catch (error) {
      this.#acts.failed(error);
    }
  }

  async #finish(): Promise<void> {
    if (this.#isEnding) return;
    this.#isEnding = true;
    const { show, onAir, ended, words } = this.#options;
    const summary = { showMs: show.showMs, orders: this.#slips.count, sold: soldText(this.#slips, words) };
    await onAir.stop();
    ended(summary);
  }
}
