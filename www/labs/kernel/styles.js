import { css } from "lit";

/** The layout of the kernel lab: three cards in a row on a desktop, two on a phone. */
export const kernelLabStyles = css`
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 400px minmax(0, 1fr);
    grid-template-rows: auto 1fr;
    grid-template-areas:
      "input kernel output"
      "picture kernel display";
    gap: 10px 16px;
  }

  .input,
  .output {
    grid-template-rows: auto 1fr;
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

  .display {
    --cnn-segment-padding: 6px;
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

  .pixel > header > .caption {
    flex: 1;
  }

  cnn-pixel-inspector:not([compact]) {
    min-block-size: 134px;
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

    .pixel > header > .caption {
      flex: 1 0 100%;
      order: 1;
    }
  }

  @media print {
    cnn-slide-scrubber {
      display: none;
    }
  }
`;
