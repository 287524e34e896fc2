/**
 * Answers as names, bars and percentages.
 *
 * @import { NetworkAnswer } from "./contract.js"
 */
import { html, svg } from "lit";
import { className } from "./names.js";
import { percent } from "./words.js";

/**
 * The bar of a share.
 * @param {number} share  0 to 1
 */
export function bar(share) {
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    ${svg`<rect class="rail" width="100" height="8"></rect><rect class="fill" width=${100 * share}
      height="8"></rect>`}
  </svg>`;
}

/**
 * The top five, one under the other; before there is an answer, as much room.
 * @param {NetworkAnswer | null} answer
 */
export function topFive(answer) {
  const top = answer?.top ?? Array.from({ length: 5 }, () => null);
  return html`<ol class="top">
    ${top.map((entry, rank) =>
      entry
        ? html`<li class=${rank === 0 ? "first" : ""}>
            <span class="name">${className(entry.class)}</span>
            <span class="share">${percent(entry.probability)}</span>
            ${bar(entry.probability)}
          </li>`
        : html`<li class="empty"><span class="name">–</span><span class="share"></span>${bar(0)}</li>`,
    )}
  </ol>`;
}

/**
 * The probabilities of some classes in one answer, the answer's first class in bold.
 * @param {NetworkAnswer | undefined | null} answer
 * @param {readonly number[]} classes
 */
export function shares(answer, classes) {
  return html`<ul class="shares">
    ${classes.map((index) => {
      const share = answer?.probabilities[index];
      return html`<li class=${answer && answer.top[0].class === index ? "first" : ""}>
        <span class="name">${className(index)}</span>
        ${bar(share ?? 0)}
        <span class="share">${share === undefined ? "" : percent(share, 0)}</span>
      </li>`;
    })}
  </ul>`;
}

/**
 * The classes that a changed answer is told by: those of the answer as it was, with the new first one.
 * @param {NetworkAnswer | null} before
 * @param {NetworkAnswer | undefined | null} after
 */
export function comparedClasses(before, after) {
  const known = (before ?? after)?.top.slice(0, 3).map((entry) => entry.class) ?? [];
  const first = after?.top[0].class;
  if (first === undefined || known.includes(first)) return known;
  return [...known.slice(0, 2), first];
}
