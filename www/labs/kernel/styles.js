import { css } from "lit";

/**
 * The layout of the kernel lab: presets, stage and arithmetic on one screen from 1024 x 700 up, where
 * the window's height decides the side of the pictures; up to 900 px the pictures are a pair that
 * stays in view.
 */
export const kernelLabStyles = css`
  .stage {
    --side: clamp(170px, min(100vh - 478px, (100cqi - 484px) / 2 - 26px), 330px);
    display: grid;
    grid-template-columns: calc(var(--side) + 26px) minmax(0, 1fr) calc(var(--side) + 26px);
    grid-template-rows: 62px auto 1fr auto;
    grid-template-areas:
      "presets presets presets"
      "input kernel output"
      "picture kernel foot"
      "pixel pixel pixel";
    --row-gap: 8px;
    gap: 8px 10px;
  }

  .maps header {
    flex-wrap: nowrap;
    gap: 6px;
    align-items: center;
    block-size: 20px;
    white-space: nowrap;
  }

  .input > header {
    padding-inline-end: 100px;
  }

  .output > header > h2 {
    flex: 1;
  }

  .maps {
    display: contents;
  }

  .input {
    grid-area: input;
    grid-template-rows: auto 1fr;
  }

  .output {
    grid-area: output;
    grid-template-rows: auto 1fr;
  }

  .foot {
    grid-area: foot;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
  }

  .kernel {
    grid-area: kernel;
    grid-template-rows: auto 1fr auto auto;
  }

  .picture {
    grid-area: picture;
  }

  .pad {
    grid-area: kernel;
    z-index: 1;
  }

  .pixel {
    grid-area: pixel;
    grid-template-columns: minmax(0, 1fr) minmax(280px, 36%);
    gap: 6px 20px;
  }

  .pixel > :is(header, .pins) {
    grid-column: 1 / -1;
  }

  .pixel > header > .caption {
    flex: 1;
  }

  .pixel > cnn-pixel-inspector {
    --cell-most: 48px;
    --rows-most: 88px;
    --value-grid-cell-ratio: 0.62;
    --gap: 10px;
    --beside: 240px;
    min-block-size: 112px;
  }

  .whole cnn-pixel-inspector {
    --rows-most: 460px;
  }

  cnn-preset-gallery {
    grid-area: presets;
  }

  .map {
    --map-most: var(--side);
  }

  .bench {
    display: grid;
    grid-template-columns: calc(var(--side) - 64px) minmax(0, 1fr);
    gap: 14px;
    align-items: start;
  }


  .tools-part {
    display: grid;
    gap: 8px;
  }

  .rest {
    display: flex;
    gap: 8px;
    align-items: center;
    justify-content: space-between;
  }

  .parameters {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 0 12px;
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
    min-block-size: 24px;
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

  @container (max-width: 900px) {
    .input > header {
      padding: 0;
    }

    .maps .downloads {
      display: none;
    }

    .stage {
      --side: min(100cqi / 2 - 30px, 45vh - 90px);
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: none;
      grid-template-areas: "maps" "presets" "kernel" "pixel" "picture" "foot";
    }

    .maps {
      display: grid;
      grid-area: maps;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 8px;
      z-index: 1;
      background: var(--cnn-paper);
    }

    .maps > .card {
      grid-area: auto;
    }

    .pixel,
    .bench {
      grid-template-columns: minmax(0, 1fr);
    }

    .bench > cnn-kernel-grid {
      max-inline-size: 260px;
    }
  }

  @container (max-width: 900px) and (min-width: 480px) {
    .bench {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }

  @container (max-width: 560px) {
    .pins {
      grid-template-columns: minmax(0, 1fr);
    }

    .pixel > header > .caption {
      flex: 1 0 100%;
      order: 1;
    }
  }

  @container (min-width: 901px) {
    .foot .downloads {
      display: none;
    }
  }

  @media print {
    cnn-slide-scrubber,
    cnn-preset-gallery,
    .tools-part {
      display: none;
    }
  }
`;
