/**
 * Shows the lab that the address names. Each lab is loaded when it is first opened and kept, with
 * its undo history, while others are shown.
 *
 * @import { Lab } from "../labs/registry.js"
 */
import { signal } from "@preact/signals-core";
import { LABS } from "../labs/registry.js";
import { labInAddress } from "./address.js";

/** @type {import("@preact/signals-core").Signal<Lab>}  the lab on screen */
export const shownLab = signal(labInAddress() ?? LABS[0]);

/** True if the lab's code could not be loaded. */
export const isLabMissing = signal(false);

/** @type {Map<Lab, HTMLElement>} */
const elements = new Map();

/**
 * Shows the lab that the address names in `place`, now and whenever the address changes.
 * @param {HTMLElement} place
 * @returns {Promise<void>}  resolves once the first lab is loaded or has failed to load
 */
export function startRouter(place) {
  addEventListener("hashchange", () => {
    const lab = labInAddress();
    if (!lab || lab === shownLab.peek()) return;
    void show(lab, place);
    scrollTo(0, 0);
  });
  return show(shownLab.peek(), place);
}

/** Makes the current lab write its last change into the address before another one is opened. */
export function keepAddress() {
  const element = elements.get(shownLab.peek());
  if (element && "writeLink" in element) {
    /** @type {{ writeLink: () => void }} */ (element).writeLink();
  }
}

/** @param {Lab} lab */
async function load(lab) {
  try {
    isLabMissing.value = false;
    await lab.load();
  } catch {
    if (lab === shownLab.peek()) isLabMissing.value = true;
  }
}

/**
 * @param {Lab} lab
 * @param {HTMLElement} place
 */
function show(lab, place) {
  shownLab.value = lab;
  place.replaceChildren(elementOf(lab));
  return load(lab);
}

/** @param {Lab} lab */
function elementOf(lab) {
  const known = elements.get(lab);
  if (known) return known;
  const element = document.createElement(lab.tag);
  element.toggleAttribute("hash", true);
  elements.set(lab, element);
  return element;
}
