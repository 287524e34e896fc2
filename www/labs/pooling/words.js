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

/** @param {number | null | undefined} change  relative */
export function changeWords(change) {
  const isMissing = change === null || change === undefined || Number.isNaN(change);
  return isMissing ? t("pooling.change.none") : readable(change);
}
