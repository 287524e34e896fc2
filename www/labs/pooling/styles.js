import { css } from "lit";

/** The layout of the pooling lab: a row of maps on a desktop, two per row on a phone. */
export const poolingLabStyles = css`
  .stage {
    display: grid;
    grid-template-columns: 288px minmax(0, 1fr);
    gap: 10px 16px;
    align-items: start;
  }

  .side {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 10px;
    align-content: start;
    min-inline-size: 0;
  }

  .outputs {
    display: grid;
    gap: 10px;
  }

  .outputs.of-2 {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }

  .outputs.of-3 {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }

  .outputs.of-4 {
    grid-template-columns: repeat(4, minmax(0, 1fr));
  }

  /* Header, map and notes line up from card to card. */
  .output {
    grid-row: span 3;
    grid-template-rows: subgrid;
  }

  .map {
    --map-most: 260px;
  }

  .output.explained {
    border-color: var(--cnn-accent);
  }

  .options > .methods {
    flex-basis: 100%;
  }

  .methods > div {
    display: flex;
    flex-wrap: wrap;
    gap: 6px;
  }

  .methods button {
    padding-inline: 10px;
  }

  .formulas {
    display: flex;
    flex: 1 0 100%;
    flex-wrap: wrap;
    gap: 4px 32px;
  }

  .formulas > div {
    flex: 0 1 360px;
    min-inline-size: 0;
  }

  .window {
    display: grid;
    grid-template-columns: 184px minmax(0, 1fr) 204px;
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
    gap: 10px 14px;
  }

  .moved.of-2 {
    grid-template-columns: repeat(2, minmax(0, 1fr));
  }

  .moved.of-3 {
    grid-template-columns: repeat(3, minmax(0, 1fr));
  }

  .moved.of-4 {
    grid-template-columns: repeat(4, minmax(0, 1fr));
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
  }

  .story li {
    margin-block-end: 4px;
  }

  .story .caption {
    font-size: 12px;
  }

  @container (max-width: 1000px) {
    .stage {
      grid-template-columns: minmax(0, 1fr);
      gap: 10px;
    }

    .stage > .side:first-child {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .map {
      --map-most: none;
    }

    .window {
      grid-template-columns: 160px 160px minmax(0, 1fr);
    }

    .parts {
      grid-row: 1;
      grid-column: 1 / -1;
    }

    .experiment,
    .two {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @container (max-width: 680px) {
    .outputs.of-3,
    .outputs.of-4,
    .moved.of-3,
    .moved.of-4 {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .window {
      grid-template-columns: repeat(2, minmax(0, 1fr));
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

    /* The input sits beside the outputs, so that they can be compared. */
    .stage {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }

    .stage > .side,
    .outputs {
      display: contents;
    }

    .output {
      grid-row: auto;
      grid-template-rows: none;
    }

    .picture,
    .options {
      grid-column: 1 / -1;
      order: 1;
    }
  }
`;
