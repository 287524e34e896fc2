import { css } from "lit";

/** Layout of the training lab. */
export const trainingLabStyles = css`
  :host {
    --run-1: light-dark(#5a5650, #a9a59d);
    --run-2: light-dark(#1660b8, #6fb1f2);
    --run-3: light-dark(#14743f, #4cc48a);
    --run-4: light-dark(#b51f5d, #f18cb4);
    --run-5: light-dark(#7a5c00, #d9b94a);
    --run-ink: light-dark(#ffffff, #131418);
  }

  .letter {
    display: inline-grid;
    place-items: center;
    flex: none;
    inline-size: 20px;
    block-size: 20px;
    border-radius: 5px;
    background: var(--run);
    color: var(--run-ink);
    font-size: 12px;
    font-weight: 700;
  }

  .ask {
    display: flex;
    gap: 6px;
    align-items: center;
    margin-block-end: 8px;
    padding-block: 2px;
    overflow-x: auto;
  }

  .ask .word {
    flex: none;
    font-weight: 600;
  }

  .question {
    flex: none;
    padding: 4px 11px;
    border: 1px solid var(--cnn-line);
    border-radius: 999px;
    background: var(--cnn-panel);
    font-size: 14px;
    white-space: nowrap;
  }

  .question[aria-pressed="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
    font-weight: 600;
  }

  .question.own {
    border-style: dashed;
    border-color: var(--cnn-accent);
  }

  .setup {
    display: flex;
    margin-block-end: 10px;
    border: 1px solid var(--cnn-line);
    border-radius: var(--cnn-radius);
    background: var(--cnn-panel);
    overflow: clip;
  }

  .setup .part {
    display: flex;
    flex: 1 1 0;
    gap: 8px;
    align-items: center;
    min-inline-size: 0;
    padding: 4px 12px;
    border: 0;
    border-radius: 0;
    background: none;
    font-size: 14px;
    text-align: start;
    white-space: nowrap;
  }

  .setup .part + .part {
    border-inline-start: 1px solid var(--cnn-line);
  }

  .setup .part[aria-expanded="true"] {
    background: var(--cnn-tint);
  }

  .setup .part[aria-expanded="true"] > span {
    color: var(--cnn-ink);
  }

  .what,
  .more {
    color: var(--cnn-soft);
  }

  .setup b,
  .setup .more {
    overflow: hidden;
    text-overflow: ellipsis;
  }

  .setup .more {
    flex: 1 1 0;
    min-inline-size: 0;
  }

  .turn {
    flex: none;
    inline-size: 7px;
    block-size: 7px;
    margin-block-end: 3px;
    border: solid var(--cnn-soft);
    border-width: 0 1.5px 1.5px 0;
    transform: rotate(45deg);
  }

  .race {
    display: grid;
    grid-template-columns: minmax(0, 1fr) minmax(0, 500px);
    gap: 10px;
    margin-block-end: 10px;
  }

  .charts {
    grid-template-columns: repeat(2, minmax(0, 1fr));
    gap: 10px 16px;
  }

  cnn-race-chart {
    --chart-height: 236;
  }

  .charts header {
    display: flex;
    gap: 8px;
    flex-wrap: wrap;
    justify-content: space-between;
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .key {
    display: flex;
    gap: 5px;
    align-items: center;
  }

  .key i {
    inline-size: 18px;
    border-block-start: 2.5px solid var(--cnn-ink);
  }

  .key i.faint {
    border-block-start: 1px solid var(--cnn-soft);
  }

  .values {
    grid-column: 1 / -1;
    font-size: 13px;
  }

  .values summary {
    inline-size: fit-content;
    min-block-size: 24px;
    color: var(--cnn-soft);
    cursor: pointer;
  }

  .scroll {
    overflow: auto;
  }

  .values .scroll {
    max-block-size: 240px;
  }

  table {
    border-collapse: collapse;
    font-size: 13px;
  }

  th {
    color: var(--cnn-soft);
    font-weight: 400;
    text-align: start;
  }

  .values th,
  .values td {
    padding: 2px 14px 2px 0;
    text-align: end;
  }

  .list {
    display: grid;
    gap: 2px;
  }

  .run {
    display: flex;
    gap: 10px;
    align-items: center;
    min-block-size: 36px;
    padding: 1px 8px;
    border: 1px solid transparent;
    border-radius: 8px;
    cursor: pointer;
  }

  .run[aria-checked="true"] {
    border-color: var(--cnn-accent);
    background: var(--cnn-tint);
  }

  .run .name {
    flex: 1 1 auto;
    min-inline-size: 0;
    font-weight: 600;
    line-height: 1.3;
  }

  .chip {
    padding: 0 7px;
    border-radius: 999px;
    background: color-mix(in oklab, var(--cnn-accent) 12%, var(--cnn-panel));
    font-size: 12px;
    font-weight: 400;
    white-space: nowrap;
  }

  .ended {
    display: block;
    color: var(--cnn-problem);
    font-size: 12px;
    font-weight: 400;
  }

  .result {
    display: grid;
    grid-template-columns: auto 100px;
    flex: none;
    column-gap: 10px;
    align-items: baseline;
    justify-content: end;
    text-align: end;
    line-height: 1.2;
  }

  .result b {
    font-size: 17px;
  }

  .result small {
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .run[aria-checked="true"] .result small {
    color: var(--cnn-ink);
  }

  .dots {
    grid-column: 1 / -1;
    inline-size: 130px;
    margin-inline-start: auto;
    fill: var(--run);
  }

  .edit button {
    min-height: 24px;
    padding-block: 0;
    font-size: 13px;
  }

  .measured {
    display: flex;
    gap: 12px;
    align-items: center;
    justify-content: space-between;
    padding-block-start: 8px;
    border-block-start: 1px solid var(--cnn-line);
  }

  .measured p {
    margin: 0;
    font-size: 13.5px;
    line-height: 1.4;
  }

  .measured > button {
    flex: none;
  }

  .progress {
    display: flex;
    flex: none;
    flex-wrap: wrap;
    gap: 4px 8px;
    align-items: center;
    max-inline-size: 200px;
    font-size: 13px;
  }

  progress {
    inline-size: 100%;
    accent-color: var(--cnn-accent);
  }

  .inside .parts {
    display: grid;
    grid-template-columns: 132px minmax(0, 1fr) auto 168px 232px;
    gap: 10px 18px;
  }

  .inside .parts > * {
    min-inline-size: 0;
  }

  h3 {
    margin: 0 0 6px;
    font-size: 13px;
    font-weight: 600;
  }

  h3 small {
    color: var(--cnn-soft);
    font-weight: 400;
  }

  .sheet {
    display: grid;
    grid-template-columns: repeat(4, 1fr);
    gap: 5px;
    margin-block-end: 6px;
  }

  .sheet > *,
  .mistakes cnn-picture-canvas,
  .class cnn-picture-canvas,
  .answer cnn-picture-canvas {
    border-radius: 3px;
    aspect-ratio: 1;
  }

  .layers table {
    inline-size: 100%;
  }

  .layers th,
  .layers td {
    padding: 3px 10px 3px 0;
    border-block-end: 1px solid var(--cnn-line);
    white-space: nowrap;
  }

  .layers thead th {
    font-size: 12px;
  }

  .layers tbody th {
    color: var(--cnn-ink);
    font-weight: 600;
  }

  .layers .scroll {
    max-block-size: 210px;
  }

  .bad {
    color: var(--cnn-problem);
    font-weight: 600;
  }

  .histogram {
    display: block;
    inline-size: 72px;
    fill: var(--cnn-soft);
  }

  .warning {
    margin: 8px 0 0;
    padding: 6px 10px;
    border-radius: var(--cnn-radius-small);
    background: color-mix(in oklab, var(--cnn-problem) 10%, var(--cnn-panel));
    font-size: 13px;
  }

  .confusion td,
  .confusion th {
    min-inline-size: 20px;
    block-size: 19px;
    padding: 0 2px;
    border: 1px solid var(--cnn-panel);
    font-size: 12px;
    text-align: center;
  }

  .confusion td.none {
    background: var(--cnn-zero);
  }

  .confusion td.right {
    background: color-mix(in oklab, var(--cnn-soft) 25%, var(--cnn-panel));
  }

  .confusion td.wrong {
    background: color-mix(in oklab, var(--cnn-problem) 28%, var(--cnn-panel));
    font-weight: 700;
  }

  .mistakes ul {
    display: grid;
    grid-template-columns: repeat(3, minmax(0, 1fr));
    gap: 6px;
    margin: 0 0 6px;
    padding: 0;
    list-style: none;
    font-size: 12px;
    line-height: 1.3;
  }

  .mistakes li cnn-picture-canvas {
    max-inline-size: 52px;
    margin-block-end: 2px;
  }

  .pad-and-answer {
    display: grid;
    grid-template-columns: 116px minmax(0, 1fr);
    gap: 10px;
  }

  .answer ol {
    display: grid;
    gap: 1px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 12px;
  }

  .answer li {
    display: flex;
    gap: 5px;
    align-items: center;
    line-height: 15px;
  }

  .answer li > span {
    flex: 0 0 auto;
    min-inline-size: 1ch;
  }

  .answer b {
    flex: 0 0 3ch;
    text-align: end;
  }

  meter {
    flex: 1 1 20px;
    min-inline-size: 20px;
    block-size: 11px;
  }

  .answer figure {
    display: flex;
    gap: 6px;
    align-items: center;
    margin: 6px 0 0;
    color: var(--cnn-soft);
    font-size: 11px;
  }

  .answer figure cnn-picture-canvas {
    flex: none;
    inline-size: 40px;
  }

  .transport {
    position: sticky;
    inset-block-end: 0;
    z-index: 2;
    margin-block-start: 10px;
    display: flex;
    gap: 10px;
    align-items: center;
    padding: 8px 0;
    border-block-start: 1px solid var(--cnn-edge);
    background: var(--cnn-paper);
    font-size: 13px;
  }

  .transport > button {
    display: grid;
    place-items: center;
    flex: none;
  }

  .run-button {
    min-inline-size: 56px;
  }

  .unit {
    color: var(--cnn-soft);
    white-space: nowrap;
  }

  .timeline {
    display: grid;
    grid-template-columns: 1fr auto;
    flex: 1 1 auto;
    gap: 0 12px;
    min-inline-size: 0;
  }

  .timeline input {
    grid-column: 1 / -1;
    min-inline-size: 0;
    block-size: 24px;
    margin: 0;
    accent-color: var(--cnn-accent);
  }

  .hint {
    color: var(--cnn-soft);
  }

  .rate {
    display: flex;
    flex: none;
    gap: 8px;
    align-items: center;
    line-height: 1.3;
  }

  .settings > header,
  .slow > header,
  .weight > header {
    align-items: center;
  }

  .weight {
    margin-block-start: 10px;
  }

  .way {
    display: flex;
    gap: 14px;
  }

  .stage {
    display: grid;
    grid-template-rows: auto auto 130px 130px;
    flex: 1 0 92px;
    gap: 4px;
    max-inline-size: 130px;
    font-size: 13px;
  }

  .stage small {
    min-block-size: 1.4em;
    color: var(--cnn-soft);
  }

  .stage cnn-picture-canvas {
    max-inline-size: 122px;
    border-radius: 3px;
  }

  .stage.sides {
    flex: 0 0 84px;
    color: var(--cnn-soft);
  }

  .stage:last-child {
    flex: 1 0 150px;
    max-inline-size: 180px;
  }

  .bars {
    display: grid;
    gap: 1px;
    margin: 0;
    padding: 0;
    list-style: none;
    font-size: 11px;
    line-height: 12px;
  }

  .bars li {
    display: grid;
    grid-template-columns: 2ch minmax(0, 1fr) 5ch;
    gap: 5px;
    align-items: center;
  }

  .bars li.true {
    font-weight: 700;
  }

  .bars svg {
    inline-size: 100%;
    background: var(--cnn-zero);
  }

  .bars .positive {
    fill: var(--cnn-pos);
  }

  .bars .negative {
    fill: var(--cnn-neg);
  }

  .bars .figures {
    text-align: end;
  }

  .story {
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
    align-items: center;
  }

  .story figure {
    inline-size: 112px;
    margin: 0;
    color: var(--cnn-soft);
    font-size: 12px;
  }

  .story cnn-picture-canvas {
    border-radius: 3px;
  }

  .story > span {
    color: var(--cnn-soft);
    font-size: 20px;
  }

  .story dl {
    display: grid;
    flex: 1 1 340px;
    grid-template-columns: 1fr auto;
    gap: 6px 16px;
    margin: 0;
    font-size: 13px;
  }

  .story dt {
    color: var(--cnn-soft);
  }

  .story dd {
    margin: 0;
    font-weight: 600;
    text-align: end;
  }

  .card .grow {
    flex: 1 1 200px;
  }

  .groups {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(280px, 1fr));
    gap: 16px 40px;
  }

  .setting {
    display: flex;
    gap: 8px;
    align-items: center;
    min-block-size: 38px;
  }

  .setting > span {
    flex: 1 1 auto;
    color: var(--cnn-soft);
  }

  .differing th,
  .differing td {
    padding: 4px 14px 4px 0;
  }

  .planned {
    margin: 4px 0 8px;
    color: var(--cnn-soft);
    font-size: 11px;
  }

  .planned svg {
    inline-size: 100%;
    max-inline-size: 280px;
  }

  .planned path {
    fill: none;
    stroke: var(--cnn-ink);
    stroke-width: 1.5;
  }

  .planned figcaption {
    display: flex;
    justify-content: space-between;
    max-inline-size: 280px;
  }

  .class {
    display: grid;
    grid-template-columns: minmax(24px, max-content) repeat(8, minmax(0, 40px));
    gap: 4px;
    justify-content: start;
    align-items: center;
    margin-block-end: 4px;
    font-size: 13px;
  }

  @container (max-width: 1180px) {
    .hint {
      display: none;
    }

    .inside .parts {
      grid-template-columns: 150px minmax(280px, 1fr) minmax(240px, 1fr);
    }
  }

  @container (max-width: 1020px) {
    .charts {
      grid-template-columns: minmax(0, 1fr);
    }

    .race {
      grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
    }
  }

  @container (max-width: 900px) {
    .race,
    .inside .parts {
      grid-template-columns: minmax(0, 1fr);
    }

    .sheet {
      grid-template-columns: repeat(8, minmax(0, 44px));
    }

    .setup {
      overflow-x: auto;
    }

    .setup .part {
      flex: none;
    }

    .hint,
    .unit {
      display: none;
    }

    .transport {
      flex-wrap: wrap;
      gap: 6px 8px;
    }

    .timeline {
      flex: 1 0 100%;
      order: 5;
    }
  }

  @container (max-width: 560px) {
    .measured {
      flex-wrap: wrap;
    }

    .run {
      gap: 8px;
      padding-inline: 4px;
    }

    .result {
      grid-template-columns: auto;
    }
  }

  @media print {
    .transport,
    .ask,
    .edit,
    .measured button {
      display: none;
    }
  }
`;
