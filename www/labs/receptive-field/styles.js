import { css } from "lit";

/** The layout of the receptive-field lab: the network beside what it sees. */
export const receptiveFieldLabStyles = css`
  .questions {
    margin-block-end: 8px;
    padding-block: 6px;
  }

  .questions h2 {
    margin-inline-end: 4px;
  }

  .questions .row {
    flex-wrap: nowrap;
    gap: 6px;
    overflow-x: auto;
    scrollbar-width: none;
  }

  .questions .row > * {
    flex: none;
  }

  .question {
    padding-inline: 8px;
    font-size: 13.5px;
  }

  .question[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
  }

  .answer {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 8px 24px;
    align-items: start;
  }

  .answer p {
    margin: 0;
    max-inline-size: 70ch;
  }

  .answer table {
    border-collapse: collapse;
    font-size: 13px;
  }

  .answer :is(th, td) {
    padding: 2px 0 2px 20px;
    text-align: end;
    font-weight: 400;
  }

  .answer thead th {
    color: var(--cnn-soft);
  }

  .answer tbody th {
    padding-inline-start: 0;
    text-align: start;
    color: var(--cnn-soft);
  }

  .answer tbody td {
    font-weight: 600;
  }

  .stage {
    --high: clamp(500px, 100vh - 154px, 720px);
    display: grid;
    grid-template-columns: minmax(0, 350fr) minmax(0, 460fr) minmax(0, 330fr);
    grid-template-rows: auto 1fr;
    grid-template-areas:
      "network view figures"
      "network picture figures";
    gap: 10px;
  }

  .network {
    grid-area: network;
    grid-template-rows: auto auto auto minmax(0, 1fr) auto;
    block-size: var(--high);
  }

  .view {
    grid-area: view;
  }

  .figures-card {
    grid-area: figures;
    display: flex;
    flex-direction: column;
    block-size: var(--high);
  }

  .figures-card cnn-field-growth {
    flex: 1;
  }

  .picture {
    grid-area: picture;
  }

  .map {
    --map-most: min(440px, var(--high) - 176px);
  }

  .view {
    padding-block-end: 6px;
    border-block-end: 0;
    border-end-start-radius: 0;
    border-end-end-radius: 0;
  }

  .net select {
    inline-size: 100%;
    min-inline-size: 0;
  }

  .size {
    gap: 6px 8px;
    align-items: end;
    justify-content: space-between;
    --cnn-segment-padding: 9px;
  }

  @media (pointer: fine) {
    .size {
      --stepper-button: 28px;
    }
  }

  .region {
    min-block-size: 34px;
  }

  .branches {
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 13px;
  }

  dl {
    display: grid;
    gap: 3px;
    margin: 0;
  }

  dl > div {
    display: flex;
    gap: 12px;
    justify-content: space-between;
  }

  dt {
    color: var(--cnn-soft);
  }

  dd {
    margin: 0;
    font-weight: 600;
    text-align: end;
  }

  .figures-card > header {
    overflow-wrap: anywhere;
  }

  cnn-field-growth {
    padding-block-start: 10px;
    border-block-start: 1px solid var(--cnn-line);
  }

  .pair-of-cards,
  .codes {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 10px;
    margin-block-start: 10px;
  }

  .pad {
    grid-row: 1 / 3;
    grid-column: 1;
    z-index: 1;
  }

  .effective .options {
    display: flex;
    flex-wrap: wrap;
    gap: 8px 12px;
    align-items: end;
    --cnn-segment-padding: 8px;
  }

  @media (pointer: fine) {
    .effective {
      --stepper-button: 28px;
    }
  }

  .effective .drawn {
    display: flex;
    gap: 8px;
    align-items: center;
    font-size: 14px;
  }

  .effective progress {
    inline-size: 120px;
    accent-color: var(--cnn-accent);
  }

  .effective .map {
    --map-most: 360px;
  }

  .effective .said {
    margin: 0;
    min-block-size: 4.4em;
  }

  .ask {
    justify-self: start;
  }

  cnn-line-chart {
    --chart-height: 380;
  }

  .example {
    font-size: 13px;
  }

  .example pre {
    margin: 4px 0;
    overflow-x: auto;
  }

  .paste {
    display: grid;
    gap: 6px;
    justify-items: start;
  }

  .paste label {
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .paste textarea {
    inline-size: 100%;
    font: 13px / 1.5 var(--cnn-mono);
    resize: vertical;
  }

  .paste .problem {
    margin: 0;
    color: var(--cnn-problem);
    font-size: 13px;
  }

  @container (max-width: 900px) {
    .stage {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      grid-template-rows: none;
      grid-template-areas:
        "network view"
        "network picture"
        "figures figures";
    }

    .view {
      padding-block-end: 9px;
      border-block-end: 1px solid var(--cnn-line);
      border-radius: var(--cnn-radius);
    }

    .figures-card {
      block-size: auto;
      max-block-size: 620px;
    }

    .answer {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @container (max-width: 680px) {
    .stage,
    .pair-of-cards,
    .codes {
      gap: 10px;
      grid-template-columns: minmax(0, 1fr);
    }

    .map {
      --map-most: min(100cqi, 42vh);
    }

    .pad {
      grid-row: auto;
    }

    .stage {
      grid-template-areas:
        "view"
        "network"
        "figures"
        "picture";
    }

    .network {
      block-size: 520px;
    }

    .view {
      position: sticky;
      inset-block-start: 0;
      z-index: 1;
    }
  }

  @container (max-width: 400px) {
    .network {
      block-size: 620px;
    }
  }

  @media print {
    .net + .size > :is(button, cnn-segmented-control),
    .ask,
    .codes {
      display: none;
    }

    .figures-card {
      block-size: auto;
      max-block-size: none;
    }
  }

  @media (forced-colors: active) {
    .question[aria-pressed="true"] {
      background: Highlight;
      color: HighlightText;
      forced-color-adjust: none;
    }
  }
`;
