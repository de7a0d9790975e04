import { beforeAll, expect, it } from "vitest";
import { turns } from "../../src/console/model_pieces.ts";
import { bytesText, guessCategory, jobText, openJobs, problemText } from "../../src/console/model_states.ts";
import { modelFileProblem } from "../../src/console/model_upload.ts";
import { CONSOLE_TEXTS, wordsIn } from "../../src/console/workplace.ts";
import type { ModelJob } from "../../src/protocol/messages.ts";
import { loadTexts } from "../../src/texts/part.ts";

beforeAll(async () => {
  for (const language of ["es", "zh-CN"] as const) await loadTexts(language, CONSOLE_TEXTS);
});

const JOB: ModelJob = {
  job_id: "job_1",
  kind: "upload",
  brand_id: "brand_1",
  product_id: null,
  source_name: "chair.glb",
  source_bytes: 1000,
  state: "queued",
  category: "furniture",
  step: null,
  fraction: 0,
  ahead: 2,
  attempts: 0,
  problem: null,
  model_id: null,
  created_at: "2026-11-01T12:00:00Z",
  finished_at: null,
};

it("says what a job is doing in the reader's language", () => {
  expect(jobText(JOB, wordsIn("en"))).toBe("2 before it");
  expect(jobText({ ...JOB, attempts: 1, ahead: 0 }, wordsIn("en"))).toBe("Next in line · Attempt 2");
  expect(jobText({ ...JOB, state: "running" }, wordsIn("en"))).toBe("Starting");
  expect(jobText({ ...JOB, state: "running", step: "usdz" }, wordsIn("es"))).toBe(
    "Creando archivos para iPhone",
  );
  expect(jobText({ ...JOB, state: "running", step: "of a newer server" }, wordsIn("en"))).toBe("Starting");
  expect(jobText({ ...JOB, state: "refused" }, wordsIn("zh-CN"))).toBe("这个文件不能直接使用");
});

it("keeps the server's sentence where a language has none of its own", () => {
  const problem = { code: "of_a_newer_server", message: "Part 3 of the model contains itself.", detail: {} };
  expect(problemText(problem, wordsIn("es"))).toBe(problem.message);
  expect(problemText({ ...problem, code: "no_shape" }, wordsIn("es"))).toContain("forma visible");
});

it("lists what is under way and what went wrong, not what is done or given up", () => {
  const states = ["queued", "running", "done", "refused", "failed", "cancelled"] as const;
  const jobs = states.map((state) => ({ ...JOB, state }));
  expect(openJobs(jobs).map((job) => job.state)).toEqual(["queued", "running", "refused", "failed"]);
});

it("checks a file before it is sent", () => {
  expect(modelFileProblem({ name: "Chair.GLB", size: 5 })).toBeNull();
  expect(modelFileProblem({ name: "chair.png", size: 5 })).toBe("wrong_type");
  expect(modelFileProblem({ name: "chair.zip", size: 0 })).toBe("empty");
  expect(modelFileProblem({ name: "chair.zip", size: 101 * 1024 * 1024 })).toBe("too_large");
});

it("guesses the kind of product from the shop's words", () => {
  expect(guessCategory({ category: "eyewear", slug: "solano" }, "a.glb")).toBe("glasses");
  expect(guessCategory({ category: "jewellery", slug: "alba-pearl-earrings" }, "a.glb")).toBe("earring");
  expect(guessCategory(null, "SheenChair.glb")).toBe("furniture");
  expect(guessCategory(null, "thing.glb")).toBe("other");
});

it("writes sizes as people read them", () => {
  expect(bytesText(371_188, "en")).toBe("371 kB");
  expect(bytesText(4_126_000, "en")).toBe("4.1 MB");
});

it("lets two send at once and the rest in order", async () => {
  const turn = turns(2);
  const never = new AbortController().signal;
  const order: number[] = [];
  const take = async (number: number): Promise<() => void> => {
    const done = await turn(never);
    order.push(number);
    return done;
  };
  const [first] = await Promise.all([take(1), take(2)]);
  const given = new AbortController();
  const gone = turn(given.signal);
  const fourth = take(4);
  given.abort();
  await expect(gone).rejects.toBeDefined();
  first?.();
  first?.();
  await fourth;
  expect(order).toEqual([1, 2, 4]);
});
