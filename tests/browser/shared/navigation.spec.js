/**
 * One page, several labs: each has its own address, is loaded when opened and kept while others are
 * shown.
 */
import { LABS } from "../../../www/labs/registry.js";
import { codeOfVisit } from "../../visit.js";
import { expect, Lab, test } from "./lab.js";

test("each lab opens by its link and by its address", async ({ lab, page }) => {
  test.slow();
  const nav = page.getByRole("navigation", { name: "Labs" });
  await expect(nav.getByRole("link")).toHaveText(LABS.map(({ title }) => title.en));
  for (const { name, title, tag } of [...LABS].reverse()) {
    const link = title.en;
    await nav.getByRole("link", { name: link }).click();
    await expect(page.locator("main > *")).toHaveCount(1);
    await expect(page.locator(`main > ${tag}`).getByRole("heading", { level: 1 })).toBeVisible();
    await expect(nav.getByRole("link", { name: link })).toHaveAttribute("aria-current", "page");
    await expect(nav.locator("[aria-current]")).toHaveCount(1);
    await expect(page).toHaveTitle(`${link} · CNN Playground`);
    await expect.poll(() => new URL(page.url()).hash).toMatch(new RegExp(`^#${name}=`));
  }
  for (const { name, tag } of LABS) {
    const fresh = await page.context().newPage();
    await fresh.goto(`./#${name}`);
    await expect(fresh.locator(`main > ${tag}`).getByRole("heading", { level: 1 })).toBeVisible();
    await fresh.close();
  }
  expect(lab.errors).toEqual([]);
});

test("returning to a lab finds it as it was, with its undo history", async ({ lab, page }) => {
  const { bias } = await lab.state();
  await lab.set({ bias: 3 });
  await page.getByRole("link", { name: "Pooling" }).click();
  await expect(page.locator("cnn-pooling-lab")).toBeVisible();
  await page.goBack();
  await lab.expectState({ bias: 3 });
  await lab.expectOutput();
  await page.getByRole("link", { name: "Pooling" }).click();
  await page.getByRole("link", { name: "Kernels" }).click();
  await lab.expectState({ bias: 3 });
  await page.keyboard.press("Tab");
  await lab.button("Undo").click();
  await lab.expectState({ bias });
  await lab.expectOutput();
});

for (const lab of LABS) {
  test(`a visit to ${lab.name} loads only its own code, the code that its budget counts`, async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({ baseURL });
    /** @type {Set<string>} */
    const loaded = new Set();
    context.on("request", (request) => {
      const path = request.url().replace(baseURL ?? "", "");
      const isData = path.startsWith("assets/data-");
      if (/\.(js|wasm|css)$/.test(path) && !isData) loaded.add(path);
    });
    const page = await context.newPage();
    await page.goto(`./#${lab.name}`);
    const map = `${lab.tag} :is(cnn-feature-map, cnn-picture-canvas) canvas`;
    await expect(page.locator(map).first()).toBeVisible();
    await expect.poll(() => [...loaded].sort()).toEqual(codeOfVisit(lab));
    await context.close();
  });
}

test("a lab that cannot be loaded says so, and loads on the next try", async ({
  browser,
  baseURL,
}) => {
  const page = await browser.newPage({ baseURL });
  await page.route(/lab-pooling-/, (route) => route.abort());
  await new Lab(page).open();
  await page.getByRole("link", { name: "Pooling" }).click();
  await expect(page.getByRole("alert").filter({ hasText: "could not be loaded" })).toBeVisible();
  await page.unroute(/lab-pooling-/);
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("cnn-pooling-lab").getByRole("heading", { level: 1 })).toBeVisible();
  await page.close();
});
