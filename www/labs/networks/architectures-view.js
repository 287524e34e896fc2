/**
 * The tab "Architectures": two networks drawn to one scale, and all of them as a table.
 *
 * @import { Architecture, ArchitectureStage } from "./contract.js"
 * @import { NetworksLabElement } from "./element.js"
 * @import { NetworksLabModel } from "./model.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { sentence } from "../shared/lab-element.js";
import { ERRORS } from "./published-errors.js";
import { counted, megabytes, percent } from "./words.js";

/** Of a drawing, in its own units: as in the page's pixels at full width. */
const DRAWING = { width: 960, height: 226, floor: 112, bars: 192, bar: 36 };

/** Height of a map per row, and thickness per channel. */
const PER_ROW = 88 / 299;
const PER_CHANNEL = 1 / 45;
/** How far a box goes back, per unit of its height. */
const DEPTH = 0.22;

/**
 * @param {NetworksLabModel} model
 * @param {NetworksLabElement} _lab
 */
export function architecturesView(model, _lab) {
  const all = model.architectures.value;
  const { listing } = model.store.state.value;
  return html`
    <div class="architectures-head">
      <p class="caption">${t("networks.architectures.key")}</p>
      <cnn-segmented-control
        label-hidden
        .label=${t("networks.listing")}
        .options=${["two", "table"].map((value) => ({
          value,
          label: t(`networks.listing.${value}`),
          title: t(`networks.listing.${value}.title`),
        }))}
        .value=${listing}
        @value-change=${(/** @type {CustomEvent} */ { detail }) =>
          model.set({ listing: detail.value })}
      ></cnn-segmented-control>
    </div>
    ${
      model.problem.value && all.length === 0
        ? html`<p class="note problem" role="alert">${sentence(model.problem.value)}</p>`
        : nothing
    }
    ${listing === "two" ? two(model, all) : table(all)}
    <p class="caption sources">${t("networks.architectures.sources")}</p>
  `;
}

/**
 * @param {NetworksLabModel} model
 * @param {Architecture[]} all
 */
function two(model, all) {
  const { compared } = model.store.state.value;
  const pair = compared.map((name, at) => all.find((one) => one.name === name) ?? all[at]);
  if (!pair[0] || !pair[1]) return [placeholder(), placeholder()];
  const most = {
    parameters: Math.max(...pair.flatMap(({ stages }) => stages.map((stage) => stage.parameters))),
    multiplyAdds: Math.max(
      ...pair.flatMap(({ stages }) => stages.map((stage) => stage.multiplyAdds)),
    ),
  };
  return pair.map(
    (network, at) => html`<section class="card network" aria-label=${network.title}>
      <div class="facts">
        <label class="field">
          <span class="label">${t(`networks.compared.${at}`)}</span>
          <select
            .value=${network.name}
            @change=${(/** @type {Event} */ { target }) => {
              const { value } = /** @type {HTMLSelectElement} */ (target);
              const [first, second] = compared;
              model.set({ compared: at === 0 ? [value, second] : [first, value] });
            }}
          >
            ${all.map(
              ({ name, title }) =>
                html`<option value=${name} ?selected=${name === network.name}>${title}</option>`,
            )}
          </select>
        </label>
        <dl>
          ${facts(network).map(
            ([key, value]) => html`<div>
              <dt>${t(`networks.fact.${key}`)}</dt>
              <dd>${value}</dd>
            </div>`,
          )}
        </dl>
      </div>
      <div class="drawing" tabindex="0" role="region" aria-label=${t("networks.drawing", { name: network.title })}>
        ${drawing(network, most)}
      </div>
      <p class="new caption">${t(`networks.new.${network.name}`)}</p>
    </section>`,
  );
}

function placeholder() {
  return html`<section class="card network waiting"></section>`;
}

/** @param {Architecture} network @returns {[string, unknown][]} */
function facts(network) {
  const { year, parameters, denseParameters, multiplyAdds, receptiveField, mapBytes } = network;
  return [
    ["year", year],
    ["error", errorWords(network.name)],
    ["layers", network.weightedLayers],
    ["parameters", counted(parameters)],
    ["dense", percent(denseParameters / parameters)],
    ["multiplyAdds", counted(multiplyAdds)],
    ["field", receptiveField === null ? "–" : `${number(receptiveField)} px`],
    ["memory", megabytes(mapBytes)],
  ];
}

/** @param {string} name */
function errorWords(name) {
  const known = ERRORS[name];
  if (!known) return t("networks.error.none");
  return html`<span title=${known.source}>
    ${t(`networks.error.${known.kind}`, {
      error: number(known.error, { minimumFractionDigits: 1, maximumFractionDigits: 2 }),
    })}
  </span>`;
}

/**
 * @param {Architecture} network
 * @param {{ parameters: number, multiplyAdds: number }} most
 */
function drawing({ stages, title }, most) {
  const { width, height } = DRAWING;
  const step = width / stages.length;
  return html`<svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${t("networks.drawing", { name: title })}>
    <path class="axis" d=${`M0 ${DRAWING.bars}H${width}`}></path>
    ${stages.map(
      (stage, at) => svg`<g transform="translate(${(at + 0.5) * step} 0)">
      <title>${stageWords(stage)}</title>
      ${stage.addsInput && at > 0 ? skip(step, stages[at - 1], stage) : nothing}
      ${box(stage)}
      ${label(stage, step)}
      ${stage.layers > 0 ? bars(stage, most, step) : nothing}
    </g>`,
    )}
  </svg>`;
}

/** @param {ArchitectureStage} stage */
function box({ channels, side, name }) {
  const high = Math.max(1.5, side * PER_ROW);
  const thick = Math.max(1.5, channels * PER_CHANNEL);
  const back = high * DEPTH;
  const [left, top] = [-(thick + back) / 2, DRAWING.floor - high];
  const front = `M${left} ${top}h${thick}v${high}h${-thick}z`;
  const lid = `M${left} ${top}l${back} ${-back}h${thick}l${-back} ${back}z`;
  const flank = `M${left + thick} ${top}l${back} ${-back}v${high}l${-back} ${back}z`;
  const look = name === "input" ? "slab first" : "slab";
  return svg`<path class=${`${look} flank`} d=${flank}></path>
    <path class=${`${look} lid`} d=${lid}></path>
    <path class=${look} d=${front}></path>`;
}

/**
 * An arc from the box before: the block adds its input.
 * @param {number} step
 * @param {ArchitectureStage} before
 * @param {ArchitectureStage} stage
 */
function skip(step, before, stage) {
  const top = DRAWING.floor - 1.3 * Math.max(before.side, stage.side) * PER_ROW - 8;
  return svg`<path class="skip" d=${`M${-step} ${top}C${-step} ${top - 12} 0 ${top - 12} 0 ${top}`}></path>`;
}

/**
 * @param {ArchitectureStage} stage
 * @param {number} step
 */
function label({ channels, side, name }, step) {
  const short = name
    .replace(/^(features|classifier|_blocks)\./, "")
    .replace(/^_/, "")
    .replace(/^Mixed_/, "")
    .replace(/^inception_/, "")
    .replace(/^Conv2d_/, "");
  return svg`<text class="channels" y=${DRAWING.floor + 16}>${number(channels)}</text>
    <text y=${DRAWING.floor + 31}>${side > 1 ? `${side}²` : "1"}</text>
    <text class="id" y=${DRAWING.height - 6}>${short.length * 6.5 > step ? short.slice(0, Math.max(2, Math.floor(step / 6.5))) : short}</text>`;
}

/**
 * @param {ArchitectureStage} stage
 * @param {{ parameters: number, multiplyAdds: number }} most
 * @param {number} step
 */
function bars({ parameters, multiplyAdds }, most, step) {
  const wide = Math.min(12, step / 3.2);
  const high = [
    (DRAWING.bar * parameters) / most.parameters,
    (DRAWING.bar * multiplyAdds) / most.multiplyAdds,
  ].map((share) => Math.max(0.7, share));
  return svg`<rect class="parameters" x=${-wide - 1} y=${DRAWING.bars - high[0]} width=${wide} height=${high[0]}></rect>
    <rect class="work" x="1" y=${DRAWING.bars - high[1]} width=${wide} height=${high[1]}></rect>
    <text class="small" y=${DRAWING.bars + 11}>${counted(parameters)}</text>`;
}

/** @param {ArchitectureStage} stage */
function stageWords({ name, channels, side, layers, parameters, multiplyAdds }) {
  return t("networks.stage", {
    name,
    channels,
    side,
    layers,
    parameters: number(parameters),
    multiplyAdds: number(multiplyAdds),
  });
}

/** @param {Architecture[]} all */
function table(all) {
  const columns = [
    "year",
    "error",
    "layers",
    "parameters",
    "dense",
    "multiplyAdds",
    "field",
    "memory",
  ];
  return html`<div class="card table-card">
    <div class="table-scroll" tabindex="0" role="region" aria-label=${t("networks.table")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("networks.fact.name")}</th>
            ${columns.map((key) => html`<th scope="col">${t(`networks.fact.${key}`)}</th>`)}
            <th scope="col">${t("networks.fact.new")}</th>
          </tr>
        </thead>
        <tbody>
          ${all.map(
            (network) => html`<tr>
              <th scope="row">${network.title}</th>
              ${facts(network).map(([, value]) => html`<td>${value}</td>`)}
              <td class="words">
                ${t(`networks.new.${network.name}`)}
                ${ERRORS[network.name] ? html`<br /><small>${ERRORS[network.name].source}</small>` : nothing}
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </div>`;
}
