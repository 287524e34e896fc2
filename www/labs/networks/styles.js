import { css } from "lit";

/** The layout of the networks lab. */
export const networksLabStyles = css`
  h3 {
    margin: 0;
    font-size: 13px;
    font-weight: 600;
  }

  ol,
  ul,
  dl,
  figure {
    margin: 0;
    padding: 0;
    list-style: none;
  }

  .card > header > span {
    min-inline-size: 0;
    overflow-wrap: anywhere;
  }

  .tab-row {
    display: flex;
    flex-wrap: wrap;
    gap: 2px 16px;
    align-items: end;
    justify-content: space-between;
    margin-block-end: 10px;
    border-block-end: 1px solid var(--cnn-line);
  }

  .tabs {
    display: flex;
    min-inline-size: 0;
    overflow-x: auto;
    padding: 3px 3px 0;
  }

  .tabs > button {
    flex: none;
    padding-inline: 14px;
    border: 0;
    border-radius: 8px 8px 0 0;
  }

  .tabs > [aria-selected="true"] {
    color: var(--cnn-ink);
    font-weight: 600;
    box-shadow: inset 0 -2px var(--cnn-accent);
  }

  .weights-line {
    margin: 0;
    padding-block-end: 6px;
    color: var(--cnn-soft);
    font-size: 13px;
  }

  .weights-line::before {
    content: "";
    display: inline-block;
    inline-size: 8px;
    block-size: 8px;
    margin-inline-end: 6px;
    border: 1px solid var(--cnn-edge);
    border-radius: 50%;
  }

  :is(.weights-line.ready, .weights-line.own)::before {
    background: var(--cnn-edge);
  }

  .columns {
    display: grid;
    grid-template-columns: 250px minmax(0, 1fr);
    gap: 10px;
    align-items: start;
  }

  .side {
    display: grid;
    gap: 10px;
    min-inline-size: 0;
  }

  .main {
    display: grid;
    gap: 10px;
    min-inline-size: 0;
  }

  .looked-at {
    display: grid;
    gap: 10px;
    min-inline-size: 0;
  }

  .looked-at > *,
  .explained > * {
    min-inline-size: 0;
  }

  cnn-picture-canvas.large {
    aspect-ratio: 1;
    border-radius: var(--cnn-radius-small);
    background: var(--cnn-zero);
  }

  .bar {
    display: block;
    inline-size: 100%;
    block-size: 7px;
    border-radius: 2px;
    overflow: hidden;
  }

  .bar .rail {
    fill: var(--cnn-zero);
  }

  .fill {
    fill: var(--cnn-edge);
  }

  .first .fill {
    fill: var(--cnn-ink);
  }

  .first > .name,
  .first > .share {
    font-weight: 600;
  }

  .top {
    display: grid;
    gap: 7px;
    font-size: 13px;
  }

  .top > li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 1px 8px;
  }

  .top .bar {
    grid-column: 1 / -1;
  }

  .name {
    min-inline-size: 0;
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
  }

  .top .name {
    white-space: normal;
    overflow-wrap: anywhere;
  }

  .empty {
    color: var(--cnn-soft);
  }

  .answers {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 14px 18px;
  }

  .answered {
    display: grid;
    grid-template-columns: 72px minmax(0, 1fr);
    gap: 10px;
    align-items: start;
  }

  .thumb {
    inline-size: 72px;
    block-size: 72px;
    padding: 0;
    overflow: hidden;
    border: 0;
    border-radius: var(--cnn-radius-small);
    background: var(--cnn-zero);
  }

  .shares {
    display: grid;
    gap: 0;
    font-size: 12px;
  }

  .shares > li {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(28px, 46px) 38px;
    gap: 6px;
    align-items: center;
    color: var(--cnn-soft);
  }

  .shares > .first {
    color: var(--cnn-ink);
  }

  .share {
    text-align: end;
  }

  .covering {
    display: grid;
    grid-template-columns: 150px minmax(180px, 260px) minmax(0, 1fr);
    gap: 18px;
    align-items: center;
  }

  .by-hand {
    inline-size: 150px;
  }

  .offer {
    gap: 12px;
    justify-items: start;
    padding: 20px;
  }

  .offer > h2 {
    font-size: 16px;
  }

  .offer > p {
    max-inline-size: 640px;
    margin: 0;
  }

  .loading {
    display: flex;
    flex-wrap: wrap;
    gap: 10px;
    align-items: center;
    min-block-size: var(--cnn-target);
  }

  progress {
    inline-size: 220px;
    accent-color: var(--cnn-accent);
  }

  .file > span {
    display: grid;
    place-items: center;
    min-block-size: var(--cnn-target);
    padding: 4px 10px;
    border: 1px solid var(--cnn-line);
    border-radius: 8px;
    background: var(--cnn-panel);
  }

  .file:hover > span {
    border-color: var(--cnn-edge);
  }

  .file:has(:focus-visible) > span {
    outline: 2px solid var(--cnn-focus);
    outline-offset: 2px;
  }

  .file {
    position: relative;
  }

  .own {
    display: grid;
    gap: 8px;
  }

  .own > :not(summary) {
    margin-block-start: 8px;
  }

  .note > p {
    margin: 0;
  }

  code {
    font-family: var(--cnn-mono);
    font-size: 11px;
    overflow-wrap: anywhere;
  }

  .strip {
    display: grid;
    grid-template-columns: repeat(18, minmax(40px, 1fr));
    gap: 5px;
    overflow-x: auto;
    padding: 3px;
  }

  .block,
  .place {
    display: grid;
    gap: 1px;
    justify-items: center;
    min-inline-size: 0;
    padding: 0 0 2px;
    border: 0;
    background: none;
    font-size: 12px;
    line-height: 1.3;
  }

  .block > cnn-picture-canvas,
  .place > cnn-picture-canvas {
    inline-size: 100%;
    overflow: hidden;
    border: 1px solid var(--cnn-line);
    border-radius: 5px;
  }

  .block > small,
  .place > small {
    color: var(--cnn-soft);
    font-size: 11px;
  }

  .block[aria-pressed="true"] {
    font-weight: 600;
  }

  .block[aria-pressed="true"] > cnn-picture-canvas {
    outline: 2px solid var(--cnn-focus);
    outline-offset: 0;
  }

  .maps-row {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 316px;
    gap: 10px;
    align-items: start;
  }

  .sheet-scroll {
    max-block-size: 420px;
    overflow-y: auto;
    padding: 3px;
  }

  .sheet-options {
    display: flex;
    flex-wrap: wrap;
    gap: 12px 20px;
    align-items: start;
  }

  .spread {
    display: flex;
    flex: 1 1 280px;
    gap: 16px;
    font-size: 12px;
  }

  .spread > figure {
    flex: 1 1 140px;
    min-inline-size: 0;
    color: var(--cnn-soft);
  }

  .spread svg {
    inline-size: 100%;
    block-size: 42px;
    margin-block-start: 3px;
    border-block-end: 1px solid var(--cnn-edge);
  }

  .ends {
    display: flex;
    justify-content: space-between;
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

  .places {
    display: grid;
    grid-template-columns: repeat(4, minmax(0, 1fr));
    gap: 6px;
    min-block-size: 60px;
    align-items: start;
  }

  .values-scroll,
  .table-scroll {
    overflow: auto;
  }

  .values-scroll {
    max-block-size: 260px;
    margin-block-start: 6px;
    font-size: 11px;
  }

  .values-scroll td {
    padding: 1px 4px;
    text-align: end;
  }

  summary {
    min-block-size: 24px;
    cursor: pointer;
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .choose {
    display: flex;
    flex-wrap: wrap;
    gap: 10px 20px;
    align-items: end;
    justify-content: space-between;
    font-size: 13px;
  }

  .three {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 10px;
  }

  .progress-place {
    position: absolute;
    inset-block-end: auto;
    inset-block-start: 44px;
    inset-inline: 22px;
    display: flex;
    gap: 8px;
    align-items: center;
  }

  .progress-place > progress {
    flex: 1 1 80px;
    min-inline-size: 0;
  }

  .by-number {
    display: grid;
    grid-template-columns: 150px minmax(0, 1fr);
    gap: 16px;
    align-items: end;
  }

  .by-number > .channel-list {
    padding-block-end: 8px;
  }

  .pair-of-lists {
    display: grid;
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 10px 24px;
  }

  .channel-list > li {
    display: grid;
    grid-template-columns: minmax(84px, auto) minmax(0, 1fr) 56px 44px;
    gap: 8px;
    align-items: center;
    font-size: 13px;
  }

  .less {
    color: var(--cnn-neg-text);
    text-align: end;
  }

  .more {
    color: var(--cnn-pos-text);
    text-align: end;
  }

  .architectures-head {
    display: flex;
    flex-wrap: wrap;
    gap: 6px 16px;
    align-items: center;
    justify-content: space-between;
  }

  .architectures-head > .caption {
    flex: 1 1 300px;
    margin: 0;
    font-size: 13px;
  }

  .network {
    grid-template-columns: 200px minmax(0, 1fr);
    gap: 8px 16px;
    margin-block-start: 10px;
  }

  .network.waiting {
    min-block-size: 300px;
  }

  .facts {
    display: grid;
    gap: 8px;
    align-content: start;
    font-size: 13px;
  }

  .facts,
  .facts .field {
    min-inline-size: 0;
    inline-size: 100%;
  }

  .facts select {
    inline-size: 100%;
    min-inline-size: 0;
    font-weight: 600;
  }

  .drawing {
    overflow-x: auto;
  }

  .drawing > svg {
    display: block;
    inline-size: 100%;
    min-inline-size: 860px;
  }

  .drawing text {
    fill: var(--cnn-soft);
    font-size: 11px;
    text-anchor: middle;
  }

  .drawing .channels {
    fill: var(--cnn-ink);
    font-size: 12px;
    font-weight: 600;
  }

  .drawing .small,
  .drawing .id {
    font-size: 10.5px;
  }

  .slab {
    fill: light-dark(#cfccc4, #565a64);
    stroke: light-dark(#7d796f, #9a9da6);
    stroke-width: 0.8;
  }

  .slab.lid {
    fill: light-dark(#e8e5de, #757984);
  }

  .slab.flank {
    fill: light-dark(#b5b1a7, #41444c);
  }

  .first.slab {
    fill: var(--cnn-tint);
  }

  .skip {
    fill: none;
    stroke: var(--cnn-soft);
    stroke-width: 1.2;
  }

  .axis {
    stroke: var(--cnn-line);
  }

  .drawing .parameters {
    fill: var(--cnn-ink);
  }

  .drawing .work {
    fill: var(--cnn-focus);
  }

  .network > .new {
    grid-column: 1 / -1;
    margin: 0;
    font-size: 13px;
  }

  .sources {
    margin-block: 10px 0;
  }

  .table-card {
    margin-block-start: 10px;
  }

  .table-scroll table {
    inline-size: 100%;
    min-inline-size: 980px;
    border-collapse: collapse;
    font-size: 13px;
  }

  .table-scroll :is(th, td) {
    padding: 6px 8px;
    border-block-end: 1px solid var(--cnn-line);
    text-align: end;
    vertical-align: top;
  }

  .table-scroll :is(th:first-child, .words, th:last-child) {
    text-align: start;
  }

  .table-scroll tbody th {
    white-space: nowrap;
  }

  .table-scroll thead th {
    color: var(--cnn-soft);
    font-weight: 500;
  }

  .words {
    min-inline-size: 300px;
  }

  .words small {
    color: var(--cnn-soft);
  }

  @container (max-width: 1060px) {
    .columns {
      grid-template-columns: 210px minmax(0, 1fr);
    }
    .answers {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .maps-row {
      grid-template-columns: minmax(0, 1fr) 270px;
    }
    .three {
      grid-template-columns: repeat(auto-fit, minmax(min(280px, 100%), 1fr));
    }
    .network {
      grid-template-columns: minmax(0, 1fr);
    }
    .facts > dl {
      columns: 3 160px;
      column-gap: 24px;
    }
    .facts > dl > div {
      break-inside: avoid;
    }
  }

  @container (max-width: 740px) {
    .columns,
    .maps-row,
    .pair-of-lists,
    .answers {
      grid-template-columns: minmax(0, 1fr);
    }
    .side .looked-at {
      grid-template-columns: repeat(2, minmax(0, 1fr));
    }
    .covering {
      grid-template-columns: 150px minmax(0, 1fr);
    }
    .covering > .note {
      grid-column: 1 / -1;
    }
  }
`;
