import { css } from "lit";

/** The layout of the channels lab, apart from its diagram. */
export const channelsLabStyles = css`
  .questions {
    margin-block-end: 10px;
    padding-block: 8px;
  }

  .ask {
    display: flex;
    gap: 12px;
    align-items: center;
    min-inline-size: 0;
  }

  .ask > cnn-segmented-control {
    flex: none;
  }

  .ask > .scroll {
    display: flex;
    gap: 6px;
    min-inline-size: 0;
    overflow-x: auto;
    padding: 3px;
  }

  .question {
    flex: none;
    padding-inline: 8px;
    font-size: 13px;
  }

  .question[aria-pressed="true"],
  .switch[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
  }

  .answer {
    min-block-size: 22px;
  }

  .brush-row {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 24px;
    align-items: start;
  }

  .brush-row > cnn-kernel-brush {
    flex: 0 1 190px;
  }

  .brush-row > cnn-kernel-tools {
    flex: 0 1 330px;
  }

  .options > .costs {
    flex: 1 1 240px;
    align-self: end;
    margin: 0;
    color: var(--cnn-soft);
    font-size: 12px;
    text-align: end;
  }

  .options > .caption {
    flex-basis: 100%;
  }

  .layer-options {
    --cnn-segment-padding: 8px;
    --stepper-button: 28px;
    display: flex;
    flex: 1 1 400px;
    flex-wrap: wrap;
    gap: 10px 12px;
    align-items: start;
  }

  .pair-of-cards {
    display: grid;
    grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 10px;
    margin-block-start: 10px;
  }

  .maps {
    display: grid;
    grid-template-columns: repeat(auto-fill, minmax(96px, 1fr));
    gap: 8px;
    padding: 3px;
  }

  .maps > .thumb {
    max-inline-size: 160px;
  }

  .composite {
    display: grid;
    gap: 8px;
  }

  .composite-map {
    display: grid;
    grid-template-columns: 200px minmax(0, 240px);
    gap: 12px;
    align-items: end;
  }

  .chooser {
    display: inline-flex;
    gap: 4px;
    align-items: center;
  }

  .look {
    display: grid;
    grid-template-columns: 84px minmax(0, 1fr);
    gap: 12px;
    align-items: center;
  }

  .look > cnn-picture-canvas {
    border: 1px solid var(--cnn-line);
    border-radius: 6px;
    overflow: hidden;
  }

  h3 {
    margin: 0 0 2px;
    font-size: 13px;
  }

  .filters .row > p,
  .row > p.caption {
    flex: 1 1 180px;
  }

  .trained-filters {
    display: grid;
    grid-template-columns: repeat(16, minmax(0, 1fr));
    gap: 6px;
  }

  .trained-filter {
    display: grid;
    gap: 3px;
    min-inline-size: 0;
    padding: 3px;
    border-radius: 6px;
  }

  .pixel > header > .caption {
    flex: 1;
  }

  .parts {
    display: none;
  }

  .part {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto minmax(0, 1fr);
    gap: 6px;
    align-items: center;
  }

  .part > p {
    grid-column: 4;
    margin: 0;
    text-align: center;
  }

  cnn-slide-scrubber {
    padding-block-start: 4px;
  }

  .groups {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 470px;
    gap: 10px;
    align-items: start;
  }

  .groups > .side {
    display: grid;
    gap: 10px;
  }

  .lines {
    min-block-size: 420px;
  }

  .lines > .scroll {
    overflow-x: auto;
    padding: 3px;
  }

  .stops {
    display: flex;
    gap: 4px;
    justify-content: space-between;
  }

  .stop {
    display: grid;
    justify-items: center;
    flex: 0 1 84px;
    padding: 4px;
    border-color: transparent;
    background: none;
  }

  .stop[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
    font-weight: 600;
  }

  .stop svg {
    inline-size: 100%;
    max-inline-size: 64px;
    stroke: var(--cnn-ink);
    stroke-width: 0.5;
  }

  .settings > input {
    inline-size: 100%;
  }

  .settings > .row {
    align-items: end;
    justify-content: space-between;
  }

  table {
    border-collapse: collapse;
    inline-size: 100%;
    font-size: 13px;
  }

  th,
  td {
    padding: 6px 4px;
    border-block-end: 1px solid var(--cnn-line);
    text-align: end;
    vertical-align: top;
    font-weight: 400;
  }

  thead th {
    color: var(--cnn-soft);
    font-size: 12px;
  }

  th:first-child {
    text-align: start;
  }

  tr.chosen {
    background: var(--cnn-tint);
    box-shadow: inset 3px 0 var(--cnn-accent);
  }

  tr.chosen .formula {
    color: var(--cnn-ink);
  }

  tr.chosen th {
    padding-inline-start: 8px;
    font-weight: 600;
  }

  td {
    white-space: nowrap;
  }

  .formula {
    color: var(--cnn-soft);
  }

  .bar {
    display: block;
    inline-size: 90px;
    block-size: 6px;
    margin-inline-start: auto;
    fill: var(--cnn-edge);
    transform: scaleX(-1);
  }

  tr.chosen .bar {
    fill: var(--cnn-accent);
  }

  @container (max-width: 1150px) {
    .parts {
      display: grid;
      grid-template-columns: repeat(3, minmax(0, 1fr));
      gap: 12px 24px;
    }

    .groups {
      grid-template-columns: minmax(0, 1fr);
    }
  }

  @container (max-width: 760px) {
    .pair-of-cards,
    .parts {
      grid-template-columns: minmax(0, 1fr);
    }

    .ask {
      flex-wrap: wrap;
    }

    .trained-filters {
      grid-template-columns: repeat(8, minmax(0, 1fr));
    }

    .options > .costs {
      text-align: start;
    }

    .composite-map {
      grid-template-columns: minmax(0, 200px);
    }

    .pixel > header > .caption {
      flex: 1 0 100%;
      order: 1;
    }
  }

  @media print {
    cnn-slide-scrubber,
    .questions {
      display: none;
    }
  }
`;
