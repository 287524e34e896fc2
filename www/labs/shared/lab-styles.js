import { css } from "lit";

/** What the cards of all labs look like. */
export const labStyles = css`
  :host {
    display: block;
    background: var(--cnn-paper);
    container-type: inline-size;
  }

  .head {
    display: flex;
    flex-wrap: wrap;
    gap: 4px 16px;
    align-items: center;
    justify-content: space-between;
    margin-block-end: 6px;
  }

  .head > :first-child {
    display: flex;
    flex: 1 1 0;
    gap: 0 14px;
    align-items: center;
    min-inline-size: 200px;
  }

  h1 {
    flex: none;
    max-inline-size: 100%;
    margin: 0;
    font-size: 19px;
    letter-spacing: -0.015em;
    line-height: 1.3;
  }

  .lead {
    margin: 0;
    color: var(--cnn-soft);
    font-size: 12.5px;
    line-height: 1.25;
  }

  /* From here on there is room beside the title. */
  @container (max-width: 1080px) {
    h1 {
      font-size: 18px;
    }

    .lead {
      position: absolute;
      inline-size: 1px;
      block-size: 1px;
      overflow: hidden;
      clip-path: inset(50%);
      white-space: nowrap;
    }
  }

  .tools {
    flex: 0 1 auto;
    gap: 4px;
  }

  svg {
    display: block;
  }

  .card {
    position: relative;
    display: grid;
    gap: 6px;
    align-content: start;
    min-inline-size: 0;
    padding: 9px 12px;
  }

  .card > * {
    min-inline-size: 0;
  }

  .card > header {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 12px;
    align-items: baseline;
    justify-content: space-between;
    color: var(--cnn-soft);
    font-size: 13px;
  }

  h2 {
    margin: 0;
    color: var(--cnn-ink);
    font-size: 13px;
    font-weight: 600;
  }

  .wide {
    margin-block-start: 10px;
  }

  p.caption {
    margin: 0;
  }

  .downloads > button {
    display: flex;
    gap: 2px;
    align-items: center;
    min-block-size: 24px;
    padding: 0 6px;
    color: var(--cnn-soft);
    font-size: 11px;
  }

  @media (pointer: coarse) {
    .downloads > button {
      min-block-size: var(--cnn-target);
    }
  }

  .downloads > button:hover {
    color: var(--cnn-ink);
  }

  .downloads svg {
    inline-size: 16px;
    block-size: 16px;
  }

  /* On top of the card's header, so that it shifts nothing. */
  .cancel {
    position: absolute;
    inset-block-start: 5px;
    inset-inline-end: 8px;
    z-index: 1;
    white-space: nowrap;
  }

  /* A narrow card's header is full: on top of the picture that is about to change. */
  .output .cancel {
    inset-block-start: 46px;
    inset-inline-end: 20px;
  }

  .note {
    margin: 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--cnn-accent);
    font-size: 14px;
  }

  .note.problem {
    border-inline-start-color: var(--cnn-problem);
  }

  /* Notices lie at the lower edge of the window, where no title is: they shift nothing. */
  .notice {
    position: fixed;
    inset-block-end: 12px;
    inset-inline-start: 12px;
    z-index: 2;
    max-inline-size: calc(100vw - 24px);
  }

  .notice > .note {
    display: flex;
    gap: 8px;
    align-items: center;
    inline-size: fit-content;
    max-inline-size: 640px;
    padding: 6px 6px 6px 12px;
    border-block: 1px solid var(--cnn-edge);
    border-inline-end: 1px solid var(--cnn-edge);
    border-radius: var(--cnn-radius-small);
    background: var(--cnn-panel);
  }

  .notice button {
    flex: none;
  }

  .notice p {
    margin: 0;
  }

  .end {
    --stepper-button: 28px;
  }

  .options {
    --cnn-segment-padding: 8px;
  }

  .options:not([popover]),
  .options:popover-open {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: end;
  }

  .options:popover-open {
    inline-size: 520px;
    padding: 12px 14px;
  }

  .more {
    flex: none;
  }

  .more::after {
    content: " ⌄";
    content: " ⌄" / "";
  }

  details > summary {
    min-block-size: var(--cnn-target);
    padding-block: 4px;
    cursor: pointer;
  }

  .summary {
    line-height: 1.3;
  }

  .summary b {
    color: var(--cnn-ink);
  }

  .sides > div {
    display: flex;
    gap: 6px;
  }

  /* The picture's choice is the lower part of the input's card, as the size is of the output's. */
  :is(.picture, .foot) {
    margin-block-start: calc(-1 * var(--row-gap, 10px));
    padding-block-start: 0;
    border-block-start: 0;
    border-start-start-radius: 0;
    border-start-end-radius: 0;
  }

  .input,
  .maps:has(~ .foot) > .output {
    padding-block-end: 6px;
    border-block-end: 0;
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }

  /* Not on a screen so low that the pair would be all there is to see. */
  @media (min-height: 560px) {
    @container (max-width: 900px) {
      .maps {
        position: sticky;
        inset-block-start: 0;
      }
    }
  }

  @container (max-width: 900px) {
    :is(.picture, .foot) {
      margin: 0;
      padding-block-start: 9px;
      border-block-start: 1px solid var(--cnn-line);
      border-radius: var(--cnn-radius);
    }

    .input,
    .maps:has(~ .foot) > .output {
      border-block-end: 1px solid var(--cnn-line);
      border-radius: var(--cnn-radius);
    }
  }

  @media (pointer: fine) {
    .options {
      --stepper-button: 28px;
    }
  }

  .options > p {
    flex-basis: 100%;
  }

  .pair {
    display: flex;
    gap: 4px;
    align-items: end;
  }

  /* As high as a stepper with its border. */
  .pair > button {
    block-size: calc(var(--cnn-target) + 2px);
  }

  cnn-code-snippet {
    min-block-size: 53px;
  }

  @container (max-width: 560px) {
    .card {
      padding: 8px;
    }
  }

  @container (max-width: 340px) {
    .card > header {
      column-gap: 6px;
      font-size: 12px;
    }

    h2 {
      font-size: 12px;
    }
  }

  /* A sheet: pictures, kernel, formulas and numbers, no controls. */
  @media print {
    :host {
      background: none;
    }

    .tools,
    .notice,
    .picture,
    .pad,
    .more,
    .cancel,
    .downloads,
    .questions,
    details:not([open]),
    .caption:empty {
      display: none;
    }

    .maps {
      position: static;
    }

    .card {
      border-color: #ccc;
      break-inside: avoid;
    }
  }
`;
