import { css } from "lit";

/** The layout of the diagram: three rows, read from left to right like an equation. */
export const benchStyles = css`
  .bench {
    grid-template-columns:
      164px 26px 118px 10px 118px 16px 137px 16px 118px 10px 115px 34px
      minmax(0, 1fr) 8px 56px;
    grid-template-rows: auto repeat(3, minmax(137px, auto));
    gap: 7px 0;
    align-items: center;
  }

  .bench > .head-of {
    grid-row: 1;
    align-self: start;
  }

  .head-of p {
    margin: 0;
    min-block-size: 18px;
    color: var(--cnn-soft);
    font-size: 12px;
    line-height: 1.35;
  }

  .head-of.picture,
  .picture-column {
    grid-column: 1;
  }

  .picture-column,
  .map-column,
  .stack-column {
    grid-row: 2 / span 3;
  }

  .picture-column {
    display: grid;
    gap: 8px;
  }

  .picture-column > * {
    min-inline-size: 0;
  }

  .fan {
    grid-row: 2 / span 3;
    inline-size: 100%;
    block-size: 100%;
    fill: none;
    stroke: var(--cnn-edge);
    stroke-width: 1.25;
  }

  .fan path {
    vector-effect: non-scaling-stroke;
  }

  .fan-out {
    grid-column: 2;
  }

  .fan-in {
    grid-column: 12;
  }

  .head-of.planes,
  .plane {
    grid-column: 3;
  }

  .head-of.window,
  .bench > .window {
    grid-column: 5;
  }

  .bench > .times {
    grid-column: 6;
  }

  .head-of.kernels,
  .bench > .kernel {
    grid-column: 7;
  }

  .bench > .equals {
    grid-column: 8;
  }

  .head-of.products,
  .bench > .products {
    grid-column: 9;
  }

  .head-of.results,
  .result {
    grid-column: 11;
  }

  .own {
    grid-column: 12;
    text-align: center;
    color: var(--cnn-soft);
  }

  .head-of.map,
  .map-column {
    grid-column: 13;
  }

  .stack-column {
    grid-column: 15;
  }

  .bench > .red {
    grid-row: 2;
  }

  .bench > .green {
    grid-row: 3;
  }

  .bench > .blue {
    grid-row: 4;
  }

  .bench > .times,
  .bench > .equals {
    text-align: center;
    color: var(--cnn-soft);
  }

  .bench > .kernel {
    padding: 1px;
    border: 2px solid var(--cnn-edge);
    border-radius: 8px;
  }

  .bench cnn-value-grid {
    --value-grid-cell-ratio: 1;
  }

  .plane {
    position: relative;
  }

  .letter,
  .color b,
  .part > b,
  .chooser b {
    display: inline-grid;
    place-items: center;
    inline-size: 20px;
    block-size: 20px;
    border-radius: 5px;
    background: var(--channel);
    color: #fff;
    font: 700 12px / 1 var(--cnn-font);
  }

  .red {
    --channel: #b3261e;
  }

  .green {
    --channel: #1b6b2a;
  }

  .blue {
    --channel: #1f4fb4;
  }

  .letter {
    position: absolute;
    inset: 5px auto auto 5px;
    z-index: 1;
    pointer-events: none;
  }

  .color {
    display: flex;
    justify-content: space-between;
    gap: 4px;
    margin: 0;
    font: 13px / 20px var(--cnn-mono);
  }

  .color span {
    display: inline-flex;
    gap: 3px;
    align-items: center;
  }

  .result .sum {
    margin: 2px 0 0;
    font: 12px / 18px var(--cnn-mono);
    text-align: center;
  }

  .signed {
    font-weight: 600;
    white-space: nowrap;
  }

  .signed.positive {
    color: var(--cnn-pos-text);
  }

  .signed.negative {
    color: var(--cnn-neg-text);
  }

  .map-column {
    display: grid;
    position: relative;
    gap: 8px;
  }

  .map-column > * {
    min-inline-size: 0;
  }

  .equation {
    min-block-size: 104px;
    font-size: 14px;
  }

  .equation p {
    margin: 0 0 2px;
  }

  .equation .value {
    font-size: 20px;
  }

  .equation .value small {
    font-size: 13px;
    color: var(--cnn-soft);
  }

  .equation .partial {
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .difference-of {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 110px;
    gap: 6px 10px;
  }

  .difference-of > cnn-color-legend,
  .difference-of > button {
    grid-column: 1 / -1;
  }

  .difference-of > .caption {
    font-size: 12px;
    line-height: 1.35;
  }

  .difference-of > cnn-feature-map {
    align-self: start;
  }

  .stack-column {
    display: grid;
    gap: 6px;
    align-content: start;
    max-block-size: 430px;
    overflow-y: auto;
    padding: 3px;
  }

  .thumb {
    position: relative;
    min-inline-size: 0;
    padding: 0;
    overflow: hidden;
    border-radius: 6px;
  }

  .thumb > span {
    position: absolute;
    inset: 2px auto auto 2px;
    min-inline-size: 16px;
    border-radius: 4px;
    background: var(--cnn-panel);
    color: var(--cnn-ink);
    font-size: 11px;
    line-height: 16px;
  }

  .thumb[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    box-shadow: 0 0 0 2px var(--cnn-accent);
  }

  /* Without room for windows and products: they stand in a card of their own. */
  @container (max-width: 1150px) {
    .bench {
      grid-template-columns:
        150px 30px minmax(0, 135px) 16px minmax(0, 141px) 12px minmax(0, 135px) 30px
        minmax(0, 1fr);
      justify-content: center;
    }

    .bench > :is(.window, .products, .times, .equals),
    .head-of:is(.window, .products) {
      display: none;
    }

    .head-of.kernels,
    .bench > .kernel {
      grid-column: 5;
    }

    .head-of.results,
    .result {
      grid-column: 7;
    }

    .fan-in,
    .own {
      grid-column: 8;
    }

    .head-of.map,
    .map-column {
      grid-column: 9;
    }

    .stack-column {
      grid-column: 1 / -1;
      grid-row: 5;
      grid-template-columns: repeat(auto-fill, 52px);
      max-block-size: none;
    }
  }

  @container (max-width: 760px) {
    .bench {
      grid-template-columns: repeat(6, minmax(0, 1fr));
      grid-template-rows: none;
      gap: 8px;
    }

    .bench > * {
      grid-row: auto !important;
    }

    .fan,
    .own,
    .head-of.picture,
    .head-of.map {
      display: none;
    }

    .bench > .picture-column {
      grid-column: 1 / 4;
      order: 1;
      align-self: start;
    }

    .bench > .map-column {
      grid-column: 4 / 7;
      order: 2;
      align-self: start;
    }

    .bench > .stack-column {
      grid-column: 1 / -1;
      order: 3;
    }

    .head-of.planes,
    .head-of.kernels,
    .head-of.results {
      order: 4;
    }

    .head-of.planes,
    .plane {
      grid-column: 1 / 3;
    }

    .head-of.kernels,
    .bench > .kernel {
      grid-column: 3 / 5;
    }

    .head-of.results,
    .result {
      grid-column: 5 / 7;
    }

    .bench > .red {
      order: 5;
    }

    .bench > .green {
      order: 6;
    }

    .bench > .blue {
      order: 7;
    }
  }
`;
