import { css } from "lit";

/** Styles of the kernel grid, its cell editor, its read-out and its help. */
export const kernelGridStyles = css`
  :host {
    display: block;
    inline-size: 100%;
    max-inline-size: 240px;
    margin-inline: auto;
    container-type: inline-size;
  }
  @media (pointer: coarse) {
    :host {
      max-inline-size: 280px;
    }
  }
  .stage {
    position: relative;
    display: grid;
    place-items: center;
    inline-size: 100cqi;
    block-size: 100cqi;
  }
  .factor {
    margin: 0 0 2px;
    font-weight: 600;
    font-size: 13px;
  }
  .cells {
    --cell-width: calc((100cqi - 1px) / max(var(--rows), var(--columns)));
    --cell-font: 20px;
    direction: ltr;
    inline-size: calc(var(--cell-width) * var(--columns) + 1px);
    block-size: calc(var(--cell-width) * var(--rows) + 1px);
    box-sizing: border-box;
    grid-auto-rows: minmax(0, 1fr);
    touch-action: none;
    user-select: none;
    -webkit-user-select: none;
    cursor: crosshair;
    font-weight: 600;
  }
  :host([readonly]) .cells {
    touch-action: auto;
    cursor: default;
  }
  .cell:focus {
    outline: 3px solid var(--cnn-focus);
    outline-offset: -3px;
    box-shadow: inset 0 0 0 4px var(--cnn-panel);
  }
  .editor {
    position: absolute;
    z-index: 1;
    inline-size: max(var(--cell-width), 96px);
    block-size: clamp(32px, var(--cell-width), 48px);
    min-block-size: 0;
    padding: 0 6px;
    border: 1px solid var(--cnn-edge);
    border-radius: var(--cnn-radius-small, 6px);
    background: var(--cnn-panel);
    color: var(--cnn-ink);
    font: inherit;
    font-size: 16px;
    text-align: center;
    cursor: text;
    user-select: text;
    -webkit-user-select: text;
  }
  .problem {
    position: absolute;
    z-index: 1;
    inset-inline: 0;
    margin: 0;
    padding: 6px 8px;
    border: 1px solid var(--cnn-problem);
    border-radius: var(--cnn-radius-small, 6px);
    background: var(--cnn-panel);
    font-size: 13px;
    line-height: 1.35;
  }
  .foot {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 8px;
    min-block-size: 32px;
    margin-block-start: 4px;
    font-size: 12px;
    color: var(--cnn-soft);
  }
  /* The hint keeps its place while a cell is read out, so that nothing shifts. */
  .readout {
    display: grid;
    align-items: center;
    line-height: 16px;
  }
  .readout > * {
    grid-area: 1 / 1;
  }
  .hidden {
    visibility: hidden;
  }
  .readout b {
    color: var(--cnn-ink);
    font-size: 15px;
    font-variant-numeric: tabular-nums;
  }
  .icon {
    padding: 0;
  }
  .icon svg {
    display: block;
    margin: auto;
  }
  .help {
    inline-size: 300px;
    padding: 12px;
    font-size: 13px;
    line-height: 1.35;
  }
  .help dl {
    margin: 0;
  }
  .help dt {
    font-weight: 600;
  }
  .help dd {
    margin: 0 0 8px;
    color: var(--cnn-soft);
  }
  .help dd:last-child {
    margin-block-end: 0;
  }
  @media print {
    .foot {
      display: none;
    }
  }
`;
