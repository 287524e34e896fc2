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
    margin-block-end: 12px;
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
    flex: none;
  }

  .tools svg {
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
    align-items: start;
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
    inline-size: 100%;
    max-inline-size: 304px;
    margin-inline: auto;
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
    gap: 10px 14px;
    align-items: start;
  }

  p.caption {
    margin: 0;
  }

  .options > * {
    --cnn-segment-padding: 8px;
  }

  .options > p {
    flex-basis: 100%;
  }

  .downloads {
    margin-block: -6px;
    margin-inline-end: -10px;
  }

  .note {
    margin: 0;
    padding-inline-start: 10px;
    border-inline-start: 3px solid var(--cnn-accent);
    font-size: 14px;
  }

  .note.problem {
    border-color: var(--cnn-problem);
  }

  .note button {
    margin-inline-start: 8px;
  }

  .parameters {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    gap: 2px 10px;
    align-items: center;
    font-size: 13px;
  }

  .pins {
    display: grid;
    gap: 12px;
    padding-block-start: 12px;
    border-block-start: 1px solid var(--cnn-line);
  }

  .pin {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px;
    align-items: start;
  }

  .difference {
    margin: 0;
  }

  cnn-slide-scrubber {
    padding-block-start: 12px;
    border-block-start: 1px solid var(--cnn-line);
  }

  .stop {
    justify-self: start;
  }

  .pair {
    display: flex;
    gap: 4px;
    align-items: end;
  }

  .pair svg {
    display: block;
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
      max-inline-size: none;
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

    .card {
      padding: 10px;
    }

  }

  @media print {
    .tools,
    cnn-slide-scrubber {
      display: none;
    }
  }
`;
