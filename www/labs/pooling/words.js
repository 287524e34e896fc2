/**
 * The messages of the pooling lab, loaded with it, and texts that its views share.
 *
 * @import { Frame } from "./contract.js"
 * @import { MethodName } from "./state.js"
 */
import { addMessages, number, t } from "../../i18n/index.js";
import { readable } from "../../widgets/numbers/readable-number.js";
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };

addMessages({ en, ru });

/** @param {MethodName} method */
export function methodWords(method) {
  return t(`pooling.method.${method}`);
}

/**
 * @param {MethodName} method
 * @param {Frame} frame
 */
export function outputWords(method, { map }) {
  const [min, max] = [number(map.legend.valueMin), number(map.legend.valueMax)];
  const { width, height } = map.picture;
  return t("pooling.output.alt", { method: methodWords(method), width, height, min, max });
}

/**
 * What a method has to learn and what one of its outputs costs.
 * @param {MethodName} method
 * @param {Frame} frame
 */
export function costWords(method, { stages }) {
  const counts = stages.map(({ height, width }) => height.kernel * width.kernel);
  const [count = 0, blur = 0] = counts;
  return t(`pooling.cost.${COSTS[method]}`, { count, blur });
}

/** @satisfies {Record<MethodName, string>} */
const COSTS = {
  max: "max",
  average: "average",
  lp: "lp",
  strided: "learned",
  binomial: "learned",
  blur: "blur",
  max_blur: "max_blur",
  adaptive: "none",
  global: "none",
};

/** @param {number | null | undefined} change  relative */
export function changeWords(change) {
  const isMissing = change === null || change === undefined || Number.isNaN(change);
  return isMissing ? t("pooling.change.none") : readable(change);
}
