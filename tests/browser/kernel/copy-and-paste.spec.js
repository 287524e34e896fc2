/** Matrices are pasted from and copied to other programs, exact to the character. */
import { readFile } from "node:fs/promises";
import { decoded, difference, expect, test } from "../shared/lab.js";
import { outputPicture, outputValues } from "../shared/reference.js";

/** @import { Lab } from "../shared/lab.js" */

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

const EMBOSS = [
  [-2, -1, 0],
  [-1, 1, 1],
  [0, 1, 2],
];

/** The same matrix as programs write it. @type {Record<string, string>} */
const TEXTS = {
  NumPy: "np.array([[-2, -1, 0],\n          [-1, 1, 1],\n          [0, 1, 2]])",
  "NumPy, printed": "[[-2. -1.  0.]\n [-1.  1.  1.]\n [ 0.  1.  2.]]",
  PyTorch: "torch.tensor([[[[-2., -1., 0.], [-1., 1., 1.], [0., 1., 2.]]]])",
  "PyTorch, printed":
    "tensor([[-2., -1.,  0.],\n        [-1.,  1.,  1.],\n        [ 0.,  1.,  2.]])",
  MATLAB: "[-2 -1 0; -1 1 1; 0 1 2]",
  CSV: "-2,-1,0\n-1,1,1\n0,1,2\n",
  "CSV with decimal commas": "-2,0;-1,0;0,0\n-1,0;1,0;1,0\n0,0;1,0;2,0",
  "a spreadsheet": "-2\t-1\t0\n-1\t1\t1\n0\t1\t2\n",
  LaTeX: "\\begin{pmatrix} -2 & -1 & 0 \\\\ -1 & 1 & 1 \\\\ 0 & 1 & 2 \\end{pmatrix}",
  "a page, with real minus signs": "−2 −1 0\n−1 1 1\n0 1 2",
};

test("the paste dialog takes a matrix from every program", async ({ lab }) => {
  for (const [program, text] of Object.entries(TEXTS)) {
    await test.step(program, async () => {
      await lab.set({ kernel: [[1]] });
      await paste(lab, text);
      await lab.expectState({ kernel: EMBOSS });
    });
  }
  await lab.expectOutput();
});

test("the paste dialog takes a factor and fractions", async ({ lab }) => {
  await paste(lab, "1/9 * [[1, 1, 1], [1, 1, 1], [1, 1, 1]]");
  await lab.expectState({ kernel: EMBOSS.map((row) => row.map(() => 1 / 9)) });
  await paste(lab, "1/3 -1/2");
  await lab.expectState({ kernel: [[1 / 3, -1 / 2]] });
  await lab.expectOutput();
});

test("Ctrl V on the grid takes the matrix in the clipboard", async ({ lab, page }) => {
  for (const program of ["NumPy", "PyTorch", "MATLAB", "CSV", "a spreadsheet"]) {
    await lab.set({ kernel: [[1]] });
    await page.evaluate((text) => navigator.clipboard.writeText(text), TEXTS[program]);
    await lab.cell(0, 0).focus();
    await page.keyboard.press("Control+V");
    await lab.expectState({ kernel: EMBOSS });
  }
  await lab.expectOutput();
});

test("a refused matrix leaves the kernel unchanged and is shown again with the reason", async ({
  lab,
}) => {
  const { kernel } = await lab.state();
  await paste(lab, "1 2\n3 four");
  await expect(lab.page.getByRole("dialog")).toContainText("“four”");
  await expect(lab.page.getByRole("textbox", { name: "Matrix of numbers" })).toHaveValue(
    "1 2\n3 four",
  );
  await lab.expectState({ kernel });
});

const WEIGHTS = [
  [0.1, -2],
  [1 / 3, 1e-7],
];

for (const [format, text] of Object.entries({
  NumPy: "np.array([[0.1, -2.],\n          [0.3333333333333333, 1.e-7]])",
  PyTorch: "torch.tensor([[[[0.1, -2.],\n                [0.3333333333333333, 1.e-7]]]])",
  LaTeX: "\\begin{bmatrix}\n0.1 & -2 \\\\\n0.3333333333333333 & 1e-7\n\\end{bmatrix}",
  CSV: "0.1,-2\n0.3333333333333333,1e-7",
})) {
  test(`the kernel is copied as ${format}, and pastes back as it was`, async ({ lab }) => {
    await lab.set({ kernel: WEIGHTS });
    await lab.button("Copy as").click();
    const menu = lab.page.locator("cnn-kernel-tools");
    await menu.getByRole("button", { name: format, exact: true }).click();
    await expect.poll(() => lab.clipboard()).toBe(text);
    await lab.set({ kernel: [[1]] });
    await paste(lab, text);
    await lab.expectState({ kernel: WEIGHTS });
  });
}

test("the PyTorch call matches the lab, and is copied as shown", async ({ lab }) => {
  const code = lab.page.locator("cnn-code-snippet");
  await expect(code.locator("code")).toHaveText(
    [
      "weight = torch.tensor([[[[-1., 0., 1.], [-2., 0., 2.], [-1., 0., 1.]]]])",
      "y = F.conv2d(x, weight, padding=1)",
    ].join("\n"),
  );
  await code.getByRole("button", { name: "Copy" }).click();
  await expect(code.getByRole("button", { name: "Copied" })).toBeVisible();
  expect(await lab.clipboard()).toBe(await code.locator("code").textContent());
});

test("the PyTorch call follows every option", async ({ lab }) => {
  await lab.set({
    kernel: [[1, -0.5]],
    color: "color",
    padding: { top: 1, left: 2, bottom: 3, right: 4 },
    paddingMode: "reflect",
    stride: [2, 3],
    dilation: [1, 2],
    bias: -0.25,
    flipKernel: true,
    relu: true,
  });
  await expect(lab.page.locator("cnn-code-snippet code")).toHaveText(
    [
      "weight = torch.tensor([[[[1., -0.5]]]])",
      "weight = weight.flip(2, 3)",
      "weight = weight.repeat(3, 1, 1, 1)",
      'x = F.pad(x, (2, 4, 1, 3), mode="reflect")',
      "y = F.relu(F.conv2d(x, weight, bias=torch.full((3,), -0.25), stride=(2, 3), dilation=(1, 2), groups=3))",
    ].join("\n"),
  );
});

test("the downloaded PNG contains the output's pixels", async ({ lab, page }) => {
  await lab.set({ kernel: EMBOSS, stride: [2, 1], display: { kind: "clip", min: -1, max: 1 } });
  await lab.expectOutput();
  const file = await downloaded(lab, "PNG");
  expect(file.name).toMatch(/\.png$/);
  const shown = outputPicture(await lab.picture(), await lab.state());
  expect(difference(await decoded(page, file.bytes), shown)).toBe("none");
});

for (const color of /** @type {const} */ (["grey", "color"])) {
  test(`the downloaded CSV contains the output's values, in ${color}`, async ({ lab }) => {
    await lab.set({ kernel: EMBOSS, color, stride: [8, 4], bias: 0.1 });
    await lab.expectOutput();
    const file = await downloaded(lab, "CSV");
    expect(file.name).toMatch(/\.csv$/);
    const { channels, width, height } = outputValues(await lab.picture(), await lab.state());
    const tables = file.bytes.toString().trimEnd().split("\n\n");
    expect(tables).toHaveLength(channels.length);
    for (const [index, table] of tables.entries()) {
      const rows = table.split("\n").map((line) => line.split(","));
      expect([rows.length, ...new Set(rows.map((row) => row.length))]).toEqual([height, width]);
      // Adding 0 turns the minus zero of a product into zero.
      const read = rows.flat().map((text) => Math.fround(Number(text)) + 0);
      expect(read).toEqual(Array.from(channels[index], (value) => value + 0));
    }
  });
}

/**
 * Pastes a text through the dialog.
 * @param {Lab} lab
 * @param {string} text
 */
async function paste(lab, text) {
  await lab.button("Paste a matrix").click();
  await lab.page.getByRole("textbox", { name: "Matrix of numbers" }).fill(text);
  await lab.button("Use this matrix").click();
}

/**
 * @param {Lab} lab
 * @param {"PNG" | "CSV"} format
 */
async function downloaded(lab, format) {
  const coming = lab.page.waitForEvent("download");
  await lab.element.getByText(format, { exact: true }).filter({ visible: true }).click();
  const download = await coming;
  const bytes = await readFile(await download.path());
  return { name: download.suggestedFilename(), bytes };
}
