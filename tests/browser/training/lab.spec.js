/** The training lab: what a learner does with it, and that what is shown is what the core says. */
import { readFileSync } from "node:fs";
import { asset } from "../../../www/engine/assets.js";
import { contract } from "../../../www/labs/training/contract.js";
import { EXPERIMENTS } from "../../../www/labs/training/experiments.js";
import { DEFAULTS, needsDigits, specOf } from "../../../www/labs/training/settings.js";
import { labCore } from "../../js/lab-core.js";
import { expect, test } from "./lab.js";

const { digits } = JSON.parse(
  readFileSync(new URL("../../../www/labs/training/data/digits.json", import.meta.url), "utf8"),
);

/**
 * The held-out accuracy of each run when it was last measured up to a step, from a core of its own.
 * @param {string} experiment
 * @param {number} step
 */
function expected(experiment, step) {
  const { base, runs } = EXPERIMENTS[experiment];
  return runs.map((differs) => {
    const of = /** @type {import("../../../www/labs/training/settings.js").Settings} */ ({
      ...DEFAULTS,
      ...base,
      ...differs,
    });
    const reply = labCore(contract, "training_lab");
    const settings = Object.freeze({
      spec: specOf(of, 1),
      digits: needsDigits(of) ? digits : null,
    });
    const { value } = reply("advance", asset(settings), step, [], 0);
    return value.records.at(-1).heldOutAccuracy;
  });
}

test("play trains all runs together; what is shown is what the core measures", async ({ lab }) => {
  await expect(lab.runs).toHaveCount(5);
  await lab.trainTo(60);
  const step = await lab.step();
  const shown = await lab.accuracies();
  const truth = expected("optimizer", step);
  for (const [at, share] of truth.entries()) expect(shown[at]).toBeCloseTo(share, 2);
  await expect(lab.note).toContainText(/leads with/);
  const { steps } = await lab.state();
  expect(steps).toBe(step);
});

test("a link leads to the same step with the same numbers", async ({ lab }) => {
  await lab.trainTo(20);
  const [step, shown] = [await lab.step(), await lab.accuracies()];
  await lab.reload();
  await expect.poll(() => lab.step()).toBe(step);
  expect(await lab.accuracies()).toEqual(shown);
});

test("the timeline goes back to a saved step, and play goes on from the present", async ({
  lab,
  page,
}) => {
  const before = await lab.accuracies();
  await lab.trainTo(40);
  const now = await lab.step();
  const slider = page.getByRole("slider", { name: "Saved steps" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect.poll(() => lab.step()).toBe(0);
  expect(await lab.accuracies()).toEqual(before);
  await expect(page.locator(".inside > header")).toContainText("step 0");
  await page.keyboard.press("End");
  await expect.poll(() => lab.step()).toBe(now);
});

test("÷ 10 divides the rate from there on, is marked, and undone", async ({ lab, page }) => {
  await lab.trainTo(20);
  const step = await lab.step();
  await page.getByRole("button", { name: "÷ 10 now" }).click();
  await lab.expectState({ changes: [{ step, factor: 0.1, run: null }] });
  await expect(page.locator(".rate b")).toHaveText("0.005");
  await expect(lab.charts.first().locator("text=÷ 10")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await lab.expectState({ changes: [] });
  await expect(page.locator(".rate b")).toHaveText("0.05");
});

test("a setting differs, is changed for one run, and is the same again", async ({ lab, page }) => {
  await page.getByRole("button", { name: /^Network/ }).click();
  await page.getByRole("button", { name: "activation: let it differ" }).click();
  await page.getByRole("combobox", { name: "activation of B" }).selectOption("elu");
  await expect.poll(async () => (await lab.state()).runs[1].activation).toBe("elu");
  expect((await lab.state()).runs[0].activation).toBe("relu");
  await lab.expectState({ experiment: "own" });
  await page.getByRole("button", { name: "activation: the same for all" }).click();
  await expect.poll(async () => (await lab.state()).runs[1].activation).toBe(undefined);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await lab.state()).runs[1].activation).toBe("elu");
});

test("keyboard alone: choose a run, take steps, look at one slowly, come back", async ({
  lab,
  page,
}) => {
  await lab.runs.first().focus();
  await page.keyboard.press("ArrowDown");
  await lab.expectState({ chosen: 1 });
  await expect(lab.runs.nth(1)).toBeFocused();
  await page.getByRole("button", { name: "One step", exact: true }).focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => lab.step()).toBe(1);
  await page.getByRole("button", { name: "One step, slowly" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".story dd").first()).toBeVisible();
  const [sum, check] = await page.locator(".story dd").allInnerTexts();
  const value = (/** @type {string} */ text) => Number(text.replace("−", "-"));
  expect(Math.abs(value(sum) - value(check))).toBeLessThan(1e-5);
  await page.getByRole("button", { name: "Back to the runs" }).focus();
  await page.keyboard.press("Enter");
  await expect(lab.runs).toHaveCount(5);
});

test("what is drawn is answered, and the answer changes while it trains", async ({ lab, page }) => {
  const pad = page.getByRole("application");
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error("no pad");
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 8 });
  await page.mouse.up();
  const answer = page.locator(".answer li b");
  await expect(answer).toHaveCount(10);
  const before = await answer.allInnerTexts();
  expect(before.map(Number).reduce((sum, share) => sum + share, 0)).toBeGreaterThan(94);
  await lab.trainTo(60);
  await expect.poll(() => answer.allInnerTexts()).not.toEqual(before);
});

test("five seeds give a mean and a spread, with progress and cancel", async ({ lab, page }) => {
  test.slow();
  await lab.set({
    experiment: "own",
    base: { ...DEFAULTS, set: "stripes", examples: 40, width: 2 },
    runs: [{ learningRate: 0.05 }, { learningRate: 0.01 }],
  });
  const repeat = page.getByRole("button", { name: "Repeat with 5 seeds" });
  await repeat.click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(repeat).toBeVisible();
  await repeat.click();
  await expect(lab.runs.first().locator(".result small")).toHaveText(/±/, { timeout: 40_000 });
  await expect(lab.note).toContainText("Measured here with 5 seeds");
  await expect(lab.runs.first().locator("circle")).toHaveCount(5);
});

test("a run whose loss is no number stops with its step; the others go on", async ({
  lab,
  page,
}) => {
  await lab.set({
    experiment: "own",
    base: { ...DEFAULTS, activation: "leaky_relu" },
    runs: [{ learningRate: 1000 }, { learningRate: 0.05 }],
  });
  await lab.trainTo(20);
  await expect(lab.runs.first()).toContainText(/Stopped at step \d+: the loss is no number/);
  await expect(lab.runs.nth(1)).not.toContainText("Stopped");
  await expect(page.locator("cnn-race-chart .cross")).not.toHaveCount(0);
});

for (const name of Object.keys(EXPERIMENTS)) {
  test(`experiment ${name} runs from its button to its sentence`, async ({ lab, page }) => {
    await page.locator(".ask button").nth(Object.keys(EXPERIMENTS).indexOf(name)).click();
    await lab.expectState({ experiment: name });
    await expect(lab.runs).toHaveCount(EXPERIMENTS[name].runs.length);
    await expect.poll(() => lab.step(), { timeout: 25_000 }).toBeGreaterThanOrEqual(10);
    await expect(lab.note).toContainText(/Measured here, step \d+/);
    await page.getByRole("button", { name: "Pause", exact: true }).click();
  });
}

test("it starts by itself where motion is welcome", async ({ page }) => {
  await page.emulateMedia({ reducedMotion: "no-preference" });
  await page.goto("./#training");
  await expect(page.getByRole("button", { name: "Pause", exact: true })).toBeVisible();
});
