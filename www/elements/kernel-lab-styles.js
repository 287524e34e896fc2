import { css } from "lit";

/** How the kernel lab lays out its cards: three in a row on a desk, two on a phone. */
export const kernelLabStyles = css`
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

  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 400px minmax(0, 1fr);
    grid-template-rows: auto 1fr;
    grid-template-areas:
      "input kernel output"
      "picture kernel display";
    gap: 10px 16px;
  }

  .input {
    grid-area: input;
  }

  .kernel {
    grid-area: kernel;
  }

  .output {
    grid-area: output;
  }

  .picture {
    grid-area: picture;
  }

  .display {
    grid-area: display;
  }

  .map {
    --map-most: 288px;
  }

  .bench {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 170px;
    gap: 14px;
    align-items: start;
  }

  .card {
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

  .options {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 12px;
    align-items: start;
  }

  p.caption {
    margin: 0;
  }

  .options {
    --cnn-segment-padding: 8px;
  }

  .display {
    --cnn-segment-padding: 6px;
  }

  @media (pointer: fine) {
    .options {
      --stepper-button: 28px;
    }
  }

  .options > p {
    flex-basis: 100%;
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

  .output {
    position: relative;
  }

  /* Over the card's head, so that it moves nothing. */
  .cancel {
    position: absolute;
    inset-block-start: 5px;
    inset-inline-end: 8px;
    white-space: nowrap;
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

  /* Notices lie over the title, or over what has been scrolled there: they move nothing. */
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

  .parameters {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 2px 16px;
    font-size: 12px;
  }

  .parameter {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0 8px;
    align-items: baseline;
  }

  .parameter label {
    color: var(--cnn-soft);
  }

  .parameter input {
    grid-column: 1 / -1;
    inline-size: 100%;
    min-block-size: calc(var(--cnn-target) - 8px);
  }

  .end {
    --stepper-button: 28px;
  }

  .pixel > header > .caption {
    flex: 1;
  }

  cnn-pixel-inspector:not([compact]) {
    min-block-size: 134px;
  }

  cnn-code-snippet {
    min-block-size: 53px;
  }

  .pins {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 12px 24px;
    padding-block-start: 12px;
    border-block-start: 1px solid var(--cnn-line);
  }

  .pin {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    align-items: start;
  }

  .pin > button {
    margin-block-start: calc((20px - var(--cnn-target)) / 2);
  }

  .difference {
    grid-column: 1 / -1;
    margin: 0;
  }

  cnn-slide-scrubber {
    padding-block-start: 12px;
    border-block-start: 1px solid var(--cnn-line);
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

  @container (max-width: 1000px) {
    .stage {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      grid-template-rows: none;
      grid-template-areas:
        "input output"
        "kernel kernel"
        "picture display";
    }

    .map {
      --map-most: none;
    }
  }

  @container (max-width: 560px) {
    .stage {
      gap: 10px;
      grid-template-areas:
        "input output"
        "kernel kernel"
        "picture picture"
        "display display";
    }

    .bench {
      grid-template-columns: minmax(0, 1fr);
    }

    .pins {
      grid-template-columns: minmax(0, 1fr);
    }

    .card {
      padding: 10px;
    }

    .pixel > header > .caption {
      flex: 1 0 100%;
      order: 1;
    }
  }

  @media print {
    .tools,
    cnn-slide-scrubber {
      display: none;
    }
  }
`;
