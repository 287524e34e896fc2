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
    align-items: start;
    justify-content: space-between;
    margin-block-end: 8px;
  }

  .head > :first-child {
    flex: 1 1 420px;
  }

  h1 {
    margin: 0 0 2px;
    font-size: 22px;
    letter-spacing: -0.015em;
    line-height: 1.2;
  }

  .lead {
    margin: 0;
    color: var(--cnn-soft);
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
    gap: 10px;
    align-content: start;
    min-inline-size: 0;
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
    padding-inline: 7px;
    color: var(--cnn-soft);
    font-size: 12px;
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

  /* Notices lie on top of the title or of what has scrolled there: they shift nothing. */
  .notice {
    position: sticky;
    inset-block-start: 8px;
    z-index: 2;
    block-size: 0;
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
    display: flex;
    flex-wrap: wrap;
    gap: 10px 12px;
    align-items: start;
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
      padding: 10px;
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

  @media print {
    .tools {
      display: none;
    }
  }
`;
