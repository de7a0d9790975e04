/** How jobs and models read: states, steps and figures as words. Pure. */

import type { Model, ModelCategory, ModelJob, ModelProblem, Product } from "../protocol/messages.ts";
import type { Words } from "./workplace.ts";

export const CATEGORIES: readonly ModelCategory[] = [
  "glasses",
  "hat",
  "earring",
  "necklace",
  "watch",
  "bracelet",
  "ring",
  "shoe",
  "clothing",
  "furniture",
  "other",
];

export const isUnderWay = (job: ModelJob): boolean => job.state === "queued" || job.state === "running";

/** What a job is doing, in words. */
export function jobText(job: ModelJob, words: Words): string {
  const { models } = words;
  switch (job.state) {
    case "queued":
      return job.attempts > 0
        ? `${models.queued(job.ahead)} · ${models.again(job.attempts + 1)}`
        : models.queued(job.ahead);
    case "running":
      return job.step === null ? models.starting : (models.steps[job.step] ?? models.starting);
    case "done":
      return models.ready;
    default:
      return models[job.state];
  }
}

/** Why a job ended without a model, in the reader's language where we have it. */
export function problemText(problem: ModelProblem, words: Words): string {
  return words.models.problems[problem.code] ?? problem.message;
}

/** The newest jobs that did not become a model, leaving out those that were tried again with success. */
export function openJobs(jobs: readonly ModelJob[]): ModelJob[] {
  return jobs.filter((job) => job.state !== "done" && job.state !== "cancelled");
}

/** 371188 as "371 kB". */
export function bytesText(bytes: number, language: string): string {
  const [unit, value] = bytes >= 1_000_000 ? ["megabyte", bytes / 1_000_000] : ["kilobyte", bytes / 1000];
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: unit as string,
    unitDisplay: "short",
    maximumFractionDigits: unit === "megabyte" ? 1 : 0,
  });
  return format.format(value as number);
}

/** The kind of product that a shop's own category means, as far as its words tell. */
export function guessCategory(
  product: Pick<Product, "category" | "slug"> | null,
  fileName: string,
): ModelCategory {
  const text = `${product?.category ?? ""} ${product?.slug ?? ""} ${fileName}`.toLowerCase();
  const hints: readonly [RegExp, ModelCategory][] = [
    [/glass|eyewear|shades|spectacle|gafas|眼镜/, "glasses"],
    [/\bhat\b|hats|\bcap\b|fedora|sombrero|帽/, "hat"],
    [/earring|pendiente|耳环/, "earring"],
    [/necklace|pendant|collar|项链/, "necklace"],
    [/watch|reloj|手表/, "watch"],
    [/bracelet|bangle|pulsera|手镯/, "bracelet"],
    [/shoe|sneaker|boot|footwear|zapat|鞋/, "shoe"],
    [/\bring\b|rings|anillo|戒指/, "ring"],
    [/shirt|dress|jacket|clothing|ropa|服/, "clothing"],
    [/chair|sofa|lamp|table|furniture|vase|home|mueble|家具|椅/, "furniture"],
  ];
  return hints.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
}

interface Quality {
  profile: string;
  worst_psnr_db: number;
  bytes: number;
  triangles: number;
}

/** What the report says about one published file; null when it says nothing. */
export function qualityOf(model: Model, profile: string): Quality | null {
  const found = list(model.report.quality).find((each) => each.profile === profile);
  if (found === undefined) return null;
  const psnr = Number(found.worst_psnr_db);
  return { profile, worst_psnr_db: psnr, bytes: Number(found.bytes), triangles: Number(found.triangles) };
}

/** A list of objects out of the report, whatever the report holds. */
export function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === "object" && each !== null) : [];
}

export function fileOf(model: Model, name: string): Model["files"][number] | null {
  return model.files.find((file) => file.name === name) ?? null;
}

/** What a model is called: the product that it is shown with, else its file without the ending. */
export function modelTitle(model: Model, products: readonly Product[], words: Words): string {
  const shown = products.find((product) => model.product_ids.includes(product.product_id));
  if (shown !== undefined) return words.own(shown.title);
  return model.source_name.replace(/\.[a-z0-9]{2,4}$/i, "").replace(/_+/g, " ");
}

/** Address of one of the report's pictures. */
export function reportPicture(model: Model, name: string): string | null {
  const pictures = model.report.pictures;
  if (typeof pictures !== "object" || pictures === null) return null;
  const url = (pictures as Record<string, unknown>)[name];
  return typeof url === "string" ? url : null;
}
