/** Every REST call as a typed method. Refusals are thrown as VitrineError, with the server's code. */

import { errorOf, VitrineError } from "./errors.ts";
import type {
  Cart,
  CartLineInput,
  Checkout,
  CheckoutInput,
  GuestRequest,
  IceServers,
  Interpreter,
  InterpreterInput,
  Interpreting,
  Listening,
  Model,
  ModelAnchorsInput,
  ModelJob,
  ModelJobInput,
  Order,
  OrderMove,
  PaymentInput,
  PaymentState,
  PictureUploaded,
  Product,
  ProductInput,
  ProductModel,
  PublishModelInput,
  Show,
  ShowInput,
  SignedIn,
  StockChange,
  Upload,
  UploadInput,
  Wordbook,
  WordbookInput,
} from "./messages.ts";

export interface ApiOptions {
  /** Origin of the server, e.g. "https://live.example". */
  server: string;
  /** The token to send, read anew for each call; null when nobody is signed in. */
  token?: () => string | null;
  fetch?: typeof fetch;
  timeoutMs?: number;
}

type Method = "GET" | "POST" | "PUT" | "DELETE";

interface CallOptions {
  body?: unknown;
  idempotencyKey?: string;
  signal?: AbortSignal | undefined;
}

/** A fresh Idempotency-Key: repeat a call with the same key, and it is carried out once. */
export function newIdempotencyKey(): string {
  // crypto.randomUUID exists in secure contexts only; a shop's page on plain http still has getRandomValues
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Api {
  readonly server: string;
  readonly #token: () => string | null;
  readonly #fetch: typeof fetch;
  readonly #timeoutMs: number;

  constructor(options: ApiOptions) {
    this.server = options.server.replace(/\/+$/, "");
    this.#token = options.token ?? (() => null);
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
    this.#timeoutMs = options.timeoutMs ?? 15_000;
  }

  /** An address that the server wrote ("/pictures/…") as one that works on any page; null for none or an odd one. */
  address(url: string | null | undefined): string | null {
    if (!url) return null;
    try {
      const absolute = new URL(url, `${this.server}/`);
      return absolute.protocol === "http:" || absolute.protocol === "https:" ? absolute.href : null;
    } catch {
      return null;
    }
  }

  /** ws(s) address of the live channel. */
  get liveUrl(): string {
    return `${this.server.replace(/^http/, "ws")}/live`;
  }

  // people
  becomeGuest = (body: GuestRequest): Promise<SignedIn> => this.#call("POST", "/guests", { body });
  me = (): Promise<SignedIn> => this.#call("GET", "/me");

  // shows
  /** With a `language`, what nobody wrote in it comes translated beside the original. */
  shows = (signal?: AbortSignal, language?: string): Promise<Show[]> =>
    this.#call("GET", `/shows${query({ language })}`, { signal });
  show = (id: string, signal?: AbortSignal, language?: string): Promise<Show> =>
    this.#call("GET", `/shows/${enc(id)}${query({ language })}`, { signal });
  addShow = (body: ShowInput): Promise<Show> => this.#call("POST", "/shows", { body });
  changeShow = (id: string, body: ShowInput): Promise<Show> =>
    this.#call("PUT", `/shows/${enc(id)}`, { body });
  endShow = (id: string): Promise<Show> => this.#call("POST", `/shows/${enc(id)}/end`);
  listening = (id: string): Promise<Listening> => this.#call("GET", `/shows/${enc(id)}/listening`);

  // interpreters
  interpreters = (showId: string): Promise<Interpreter[]> =>
    this.#call("GET", `/shows/${enc(showId)}/interpreters`);
  inviteInterpreter = (showId: string, body: InterpreterInput): Promise<Interpreter> =>
    this.#call("POST", `/shows/${enc(showId)}/interpreters`, { body });
  revokeInterpreter = (showId: string, id: string): Promise<unknown> =>
    this.#call("DELETE", `/shows/${enc(showId)}/interpreters/${enc(id)}`);
  /** What an interpreter's own link is for. */
  interpreting = (): Promise<Interpreting> => this.#call("GET", "/interpreting");

  // catalogue
  product = (id: string): Promise<Product> => this.#call("GET", `/products/${enc(id)}`);
  products = (ids: readonly string[], language?: string): Promise<Product[]> =>
    ids.length === 0
      ? Promise.resolve([])
      : this.#call("GET", `/products${query({ ids: ids.join(","), language })}`);
  /** Products that have all these words, in whatever language they are written or were translated into. */
  searchProducts = (search: string, brandId?: string, signal?: AbortSignal): Promise<Product[]> =>
    this.#call("GET", `/products${query({ search, brand_id: brandId })}`, { signal });
  productsOfBrand = (brandId?: string): Promise<Product[]> =>
    this.#call("GET", brandId === undefined ? "/products" : `/products?brand_id=${enc(brandId)}`);
  addProduct = (body: ProductInput): Promise<Product> => this.#call("POST", "/products", { body });
  changeProduct = (id: string, body: ProductInput): Promise<Product> =>
    this.#call("PUT", `/products/${enc(id)}`, { body });
  changeStock = (variantId: string, body: StockChange): Promise<Product> =>
    this.#call("POST", `/variants/${enc(variantId)}/stock`, { body });
  addPicture = (file: Blob, name = "picture"): Promise<PictureUploaded> => {
    const form = new FormData();
    form.append("file", file, name);
    return this.#call("POST", "/pictures", { body: form });
  };

  // words
  wordbook = (): Promise<Wordbook> => this.#call("GET", "/wordbook");
  writeWordbook = (body: WordbookInput): Promise<Wordbook> => this.#call("PUT", "/wordbook", { body });

  // models
  announceUpload = (body: UploadInput, brandId?: string): Promise<Upload> =>
    this.#call("POST", brandId === undefined ? "/uploads" : `/uploads?brand_id=${enc(brandId)}`, { body });
  startModelJob = (body: ModelJobInput): Promise<ModelJob> => this.#call("POST", "/model-jobs", { body });
  modelJobs = (): Promise<ModelJob[]> => this.#call("GET", "/model-jobs");
  modelJob = (id: string): Promise<ModelJob> => this.#call("GET", `/model-jobs/${enc(id)}`);
  cancelModelJob = (id: string): Promise<ModelJob> => this.#call("POST", `/model-jobs/${enc(id)}/cancel`);
  retryModelJob = (id: string, body: ModelJobInput): Promise<ModelJob> =>
    this.#call("POST", `/model-jobs/${enc(id)}/retry`, { body });
  models = (): Promise<Model[]> => this.#call("GET", "/models");
  model = (id: string): Promise<Model> => this.#call("GET", `/models/${enc(id)}`);
  writeAnchors = (id: string, body: ModelAnchorsInput): Promise<ModelJob> =>
    this.#call("PUT", `/models/${enc(id)}/anchors`, { body });
  publishModel = (productId: string, body: PublishModelInput): Promise<ProductModel> =>
    this.#call("PUT", `/products/${enc(productId)}/model`, { body });
  unpublishModel = (productId: string): Promise<unknown> =>
    this.#call("DELETE", `/products/${enc(productId)}/model`);

  // buying
  cart = (showId: string): Promise<Cart> => this.#call("GET", `/shows/${enc(showId)}/cart`);
  setCartLine = (showId: string, variantId: string, body: CartLineInput): Promise<Cart> =>
    this.#call("PUT", `/shows/${enc(showId)}/cart/${enc(variantId)}`, { body });
  removeCartLine = (showId: string, variantId: string): Promise<Cart> =>
    this.#call("DELETE", `/shows/${enc(showId)}/cart/${enc(variantId)}`);
  beginCheckout = (showId: string, body: CheckoutInput, idempotencyKey: string): Promise<Checkout> =>
    this.#call("POST", `/shows/${enc(showId)}/checkouts`, { body, idempotencyKey });
  checkout = (id: string): Promise<Checkout> => this.#call("GET", `/checkouts/${enc(id)}`);
  cancelCheckout = (id: string): Promise<unknown> => this.#call("DELETE", `/checkouts/${enc(id)}`);
  pay = (id: string, body: PaymentInput, idempotencyKey: string): Promise<PaymentState> =>
    this.#call("POST", `/checkouts/${enc(id)}/payment`, { body, idempotencyKey });
  payment = (id: string): Promise<PaymentState> => this.#call("GET", `/checkouts/${enc(id)}/payment`);

  // orders
  order = (id: string): Promise<Order> => this.#call("GET", `/orders/${enc(id)}`);
  orders = (): Promise<Order[]> => this.#call("GET", "/orders");
  moveOrder = (id: string, body: OrderMove): Promise<Order> =>
    this.#call("POST", `/orders/${enc(id)}/state`, { body });

  iceServers = async (): Promise<RTCIceServer[]> => {
    const reply: IceServers = await this.#call("GET", "/ice-servers");
    return reply.ice_servers as unknown as RTCIceServer[];
  };

  async #call<T>(method: Method, path: string, options: CallOptions = {}): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    const token = this.#token();
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    if (options.idempotencyKey !== undefined) headers["Idempotency-Key"] = options.idempotencyKey;
    const init: RequestInit = { method, headers };
    if (options.body instanceof FormData) {
      init.body = options.body;
    } else if (options.body !== undefined) {
      headers["Content-Type"] = "application/json";
      init.body = JSON.stringify(options.body);
    }
    const timeout = AbortSignal.timeout(this.#timeoutMs);
    init.signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
    let response: Response;
    try {
      response = await this.#fetch(`${this.server}/api${path}`, init);
    } catch (error) {
      if (options.signal?.aborted) throw error;
      const late = timeout.aborted;
      throw new VitrineError(late ? "timed_out" : "network", "The server cannot be reached.", {
        cause: error,
      });
    }
    if (!response.ok) throw await errorOf(response);
    if (response.status === 204) return undefined as T;
    try {
      return (await response.json()) as T;
    } catch (error) {
      throw new VitrineError("bad_answer", "The server's answer cannot be read.", {
        status: response.status,
        cause: error,
      });
    }
  }
}

const enc = encodeURIComponent;

/** `?a=b&c=d` of what is given; empty for nothing. */
function query(parts: Record<string, string | undefined>): string {
  const given = Object.entries(parts).filter((part): part is [string, string] => part[1] !== undefined);
  return given.length === 0 ? "" : `?${given.map(([name, value]) => `${name}=${enc(value)}`).join("&")}`;
}
