/**
 * @import { Page } from "@playwright/test"
 * @import { AxeResults, RunOptions } from "axe-core"
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "@playwright/test";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/**
 * All problems that axe finds on the page.
 * @param {Page} page
 */
export async function expectNoViolation(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate(async (values) => {
    /** @type {{ run(root: Document, options: RunOptions): Promise<AxeResults> }} */
    const axe = /** @type {any} */ (window).axe;
    const { violations, passes } = await axe.run(document, { runOnly: { type: "tag", values } });
    return {
      checked: passes.length,
      violations: violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary, any }) =>
          [
            `${id}: ${target.join(" ")}: ${failureSummary}`,
            ...any.flatMap((check) => (check.relatedNodes ?? []).map(({ html }) => html)),
          ].join("\n"),
        ),
      ),
    };
  }, RULES);
  expect(found.checked).toBeGreaterThan(20);
  expect(found.violations).toEqual([]);
}
