/** The messages of the training lab, loaded with it, and how it writes its numbers. */
import { addMessages, number, t } from "../../i18n/index.js";
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };
import { applies } from "./settings.js";

/** @import { Setting, Settings } from "./settings.js" */

addMessages({ en, ru });

/** A share in percent, with one decimal. @param {number} share */
export const percent = (share) =>
  number(share, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** Three significant digits. @param {number} value */
export const short = (value) => number(value, { maximumSignificantDigits: 3 });

/**
 * The value of a setting.
 * @param {Setting} name
 * @param {any} value
 */
export function valueWords(name, value) {
  if (typeof value === "boolean") return t(value ? "training.yes" : "training.no");
  if (name === "labelNoise" || name === "dropout" || name === "labelSmoothing") {
    return number(value, { style: "percent", maximumFractionDigits: 1 });
  }
  if (name === "clip" && value === 0) return t("training.off");
  if (typeof value === "number") return number(value, { maximumSignificantDigits: 4 });
  return t(`training.${name}.${value}`);
}

/** Settings whose value says by itself what it is. */
const PLAIN = new Set([
  "optimizer",
  "activation",
  "pooling",
  "schedule",
  "firstWeights",
  "start",
  "kind",
  "set",
]);

/**
 * A run by what differs, in a few words; the first is the one that names it.
 * @param {Partial<Settings>} differs
 * @param {Settings} whole
 * @returns {{ title: string, chips: string[] }}
 */
export function runWords(differs, whole) {
  const names = /** @type {Setting[]} */ (Object.keys(differs)).filter((name) =>
    applies(name, whole),
  );
  const isMomentum = names.includes("momentum") && whole.optimizer === "sgd" && whole.momentum > 0;
  const words = names
    .filter((name) => !(name === "momentum" && (isMomentum || whole.momentum === 0)))
    .map((name) =>
      PLAIN.has(name)
        ? name === "optimizer" && isMomentum
          ? t("training.momentum.sgd")
          : valueWords(name, whole[name])
        : t("training.chip", {
            name: t(`training.${name}`),
            value: valueWords(name, whole[name]),
          }),
    );
  const [first = t("training.run"), ...rest] = words;
  return { title: first, chips: rest };
}

/** A short name of a run. @param {Partial<Settings>} differs @param {Settings} whole */
export function runName(differs, whole) {
  const { title, chips } = runWords(differs, whole);
  const isTelling = Object.keys(differs)[0] === "optimizer" || chips.length === 0;
  return isTelling ? title : [title, ...chips].join(", ");
}

/** @param {Settings} of */
export function networkWords(of) {
  const { kind, depth, width } = of;
  return t(`training.network.${kind}`, { depth, width });
}

/**
 * The name of a class.
 * @param {Settings["set"]} set
 * @param {number} at
 * @param {boolean} [isShort]  as the head of a narrow column
 */
export function classWords(set, at, isShort = false) {
  if (set === "digits") return number(at);
  if (set === "digits_from5") return number(at + 5);
  return t(`training.class.${set}.${at}${isShort ? ".short" : ""}`);
}
