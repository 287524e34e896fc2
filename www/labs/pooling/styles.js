import { css } from "lit";

/**
 * The layout of the pooling lab: methods, maps and arithmetic on one screen from 1024 x 700 up; up to
 * 900 px the input and one output are a pair that stays in view.
 */
export const poolingLabStyles = css`
  .stage {
    --side: clamp(140px, min(100vh - 545px, (100cqi - 40px) / 5 - 26px), 300px);
    display: grid;
    grid-template-columns: calc(var(--side) + 26px) minmax(0, 1fr);
    grid-template-rows: auto auto 1fr auto;
    grid-template-areas:
      "methods methods"
      "input outputs"
      "picture outputs"
      "pixel pixel";
    gap: 10px;
  }

  .maps {
    display: contents;
  }

  .methods-card {
    grid-area: methods;
  }

  .input {
    grid-area: input;
  }

  .picture {
    grid-area: picture;
  }

  .outputs {
    display: grid;
    grid-area: outputs;
    grid-auto-columns: minmax(max(150px, (100% - 30px) / 4), 1fr);
    grid-auto-flow: column;
    gap: 10px;
    min-inline-size: 0;
    overflow-x: auto;
    scroll-snap-type: x proximity;
  }

  .output {
    scroll-snap-align: start;
  }

  .output > header {
    flex-wrap: nowrap;
    gap: 6px;
  }

  .output > header > * {
    flex: none;
    white-space: nowrap;
  }

  .output > header > h2 {
    flex: 1;
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .pad {
    grid-row: 1 / 4;
    grid-column: 2;
    z-index: 1;
    justify-self: start;
  }

  .pixel {
    grid-area: pixel;
    grid-template-columns: minmax(0, 1fr) minmax(236px, 26%);
    gap: 6px 20px;
  }

  .pixel > header {
    grid-column: 1 / -1;
    align-items: center;
  }

  .pixel cnn-pixel-inspector {
    --cell-most: 48px;
    --rows-most: 88px;
    --value-grid-cell-ratio: 0.72;
    --gap: 10px;
    --beside: 330px;
    min-block-size: 96px;
  }

  .map {
    --map-most: var(--side);
  }

  .cost {
    font-size: 11px;
    line-height: 1.3;
  }

  .output.explained {
    border-color: var(--cnn-accent);
  }

  .methods {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
    align-items: center;
  }

  .methods h2 {
    margin-inline-end: 4px;
  }

  .methods button {
    padding-inline: 10px;
    font-size: 14px;
  }

  .rest {
    display: flex;
    flex: 1 1 0;
    min-inline-size: 70px;
    gap: 8px;
    align-items: center;
    justify-content: end;
  }

  .formulas {
    display: grid;
    gap: 4px;
    align-content: start;
  }

  .formulas > div {
    min-inline-size: 0;
  }

  .window {
    display: grid;
    grid-template-columns: 204px 204px minmax(0, 1fr);
    gap: 12px 24px;
    align-items: start;
  }

  .window cnn-pixel-inspector {
    --beside: 310px;
  }

  .closeup {
    --map-most: 200px;
    display: grid;
    gap: 6px;
  }

  .closeup > .caption {
    min-block-size: 1.45em;
  }

  .parts {
    display: grid;
    gap: 10px;
  }

  .value {
    margin: 0;
    font: 650 30px / 1.2 var(--cnn-mono);
  }

  .side {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
    align-content: start;
    min-inline-size: 0;
  }

  .pixel > header > cnn-segmented-control {
    flex: 1;
  }

  .two {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 12px 24px;
    align-items: start;
  }

  .pictures {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 12px 16px;
  }

  .pictures > div {
    display: grid;
    gap: 6px;
    align-content: start;
  }

  .savings {
    border-collapse: collapse;
    font-size: 14px;
  }

  .savings th,
  .savings td {
    padding: 5px 14px 5px 0;
    border-block-end: 1px solid var(--cnn-line);
    text-align: end;
    font-weight: 400;
  }

  .savings th:first-child {
    text-align: start;
  }

  .savings thead th {
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .savings td {
    white-space: nowrap;
  }

  .savings td:last-child {
    font-weight: 600;
  }

  .figures-row {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 16px;
    align-items: end;
  }

  .experiment {
    display: grid;
    grid-template-columns: 240px minmax(0, 1fr);
    gap: 12px 20px;
    align-items: start;
  }

  .hand {
    --map-most: 240px;
    display: grid;
    gap: 8px;
  }

  .hand input {
    inline-size: 100%;
  }

  .moved {
    display: grid;
    grid-auto-columns: minmax(max(140px, (100% - 42px) / 4), 1fr);
    grid-auto-flow: column;
    gap: 10px 14px;
    min-inline-size: 0;
    overflow-x: auto;
  }

  .moved > div {
    display: grid;
    gap: 6px;
    align-content: start;
    min-inline-size: 0;
  }

  .moved h3 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }

  .change {
    margin: 0;
    font: 650 20px / 1.2 var(--cnn-mono);
  }

  .change > small {
    display: block;
    color: var(--cnn-soft);
    font: 12px / 1.4 var(--cnn-font);
  }

  .story h3 {
    margin: 0 0 4px;
    font-size: 13px;
    font-weight: 600;
  }

  .story p,
  .story ul {
    margin: 0 0 8px;
    font-size: 14px;
  }

  .story ul {
    padding-inline-start: 18px;
    columns: 380px;
  }

  .story li {
    margin-block-end: 4px;
  }

  .story .caption {
    font-size: 12px;
  }

  @container (max-width: 1100px) {
    .stage {
      --side: clamp(140px, min(100vh - 553px, (100cqi - 40px) / 5 - 26px), 300px);
    }

    .summary {
      display: none;
    }

    /* A name is whole; the size, which is in the formula too, gives way to a long one. */
    .output > header {
      flex-wrap: wrap;
      block-size: 20px;
      overflow: hidden;
    }

    .output > header > h2 {
      flex-basis: auto;
    }

    .output > header > span {
      font-size: 11px;
    }

    .methods {
      gap: 4px;
    }

    .methods button {
      padding-inline: 6px;
      font-size: 13px;
    }

    .methods-card .options {
      --cnn-segment-padding: 5px;
    }

    .methods-card cnn-segmented-control {
      font-size: 14px;
    }
  }

  @container (min-width: 901px) and (max-width: 1100px) {
    /* All methods in one line, in Russian too. */
    .methods h2 {
      position: absolute;
      clip-path: inset(50%);
    }

    /* The zoom buttons have its place, and the size is in the formula. */
    .input > header > span {
      display: none;
    }
  }

  @container (max-width: 900px) {
    .stage {
      --side: min(100cqi / 2 - 30px, 45vh - 90px);
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: none;
      grid-template-areas: "maps" "methods" "pixel" "picture";
    }

    /* The input stays beside an output, so that they can be compared. */
    .maps {
      display: grid;
      grid-area: maps;
      grid-template-columns: repeat(2, minmax(0, 1fr));
      gap: 8px;
      z-index: 1;
      background: var(--cnn-paper);
    }

    .maps > .card,
    .outputs {
      grid-area: auto;
    }

    .outputs {
      grid-auto-columns: 100%;
      scroll-snap-type: x mandatory;
    }

    .pad {
      grid-row: auto;
      grid-column: 1;
    }

    .pixel {
      grid-template-columns: minmax(0, 1fr);
    }

    .experiment,
    .two {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @container (max-width: 680px) {
    .moved {
      grid-auto-columns: calc(50% - 7px);
    }

    .window {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .window > .whole {
      grid-column: 1 / -1;
    }

    .pixel > header > cnn-segmented-control {
      flex: 1 0 100%;
      order: 1;
    }
  }

  @container (max-width: 560px) {
    .savings {
      font-size: 12px;
    }

    .savings th,
    .savings td {
      padding-inline-end: 6px;
    }
  }

  /* All outputs, not one to scroll to the next. */
  @media print {
    .stage {
      --side: 160px;
    }

    .maps {
      grid-template-columns: repeat(auto-fit, minmax(130px, 1fr));
    }

    .outputs {
      display: contents;
    }

    .methods > button:not([aria-pressed="true"]),
    .hand > .field {
      display: none;
    }
  }
`;
