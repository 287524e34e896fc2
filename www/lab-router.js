/**
 * Which lab the page shows: the one that the address names, each loaded when it is first opened and
 * kept, with its undo, while others are shown.
 */
import { signal } from "@preact/signals-core";
import { labOfLink } from "./state/permalink.js";

/** The labs by their names in links, in the order in which they are offered. */
const LABS = {
  kernel: { tag: "cnn-kernel-lab", load: () => import("./elements/define-kernel-lab.js") },
  pooling: { tag: "cnn-pooling-lab", load: () => import("./elements/define-pooling-lab.js") },
  "receptive-field": {
    tag: "cnn-receptive-field-lab",
    load: () => import("./elements/define-receptive-field-lab.js"),
  },
};

/** @typedef {keyof typeof LABS} LabName */

export const LAB_NAMES = /** @type {LabName[]} */ (Object.keys(LABS));

/** @type {import("@preact/signals-core").Signal<LabName>}  the lab that is shown */
export const shownLab = signal(named() ?? LAB_NAMES[0]);

/** True where the lab's code could not be loaded. */
export const isLabMissing = signal(false);

/** @type {Map<LabName, HTMLElement>} */
const elements = new Map();

/**
 * Shows the lab that the address names in `place`, now and whenever the address changes.
 * @param {HTMLElement} place
 * @returns {Promise<void>}  resolves when the first lab is there, or could not be loaded
 */
export function startRouter(place) {
  addEventListener("hashchange", () => {
    const name = named();
    if (name && name !== shownLab.peek()) void show(name, place);
  });
  return show(shownLab.peek(), place);
}

/** @param {LabName} name */
async function load(name) {
  try {
    isLabMissing.value = false;
    await LABS[name].load();
  } catch {
    if (name === shownLab.peek()) isLabMissing.value = true;
  }
}

/**
 * @param {LabName} name
 * @param {HTMLElement} place
 */
function show(name, place) {
  shownLab.value = name;
  place.replaceChildren(elementOf(name));
  return load(name);
}

/** @param {LabName} name */
function elementOf(name) {
  const known = elements.get(name);
  if (known) return known;
  const element = document.createElement(LABS[name].tag);
  element.toggleAttribute("hash", true);
  elements.set(name, element);
  return element;
}

function named() {
  return labOfLink(location.hash, LAB_NAMES);
}
