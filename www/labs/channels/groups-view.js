/**
 * Groups: which maps feed which, drawn as lines, and what the lines cost.
 *
 * @import { ChannelsLabModel } from "./model.js"
 * @import { ChannelsLabElement } from "./element.js"
 * @import { Cost, Groups } from "./contract.js"
 */
import { html, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { choiceOption, yesNoOption } from "../shared/lab-options-view.js";

/**
 * @param {ChannelsLabModel} model
 * @param {ChannelsLabElement} lab
 */
export function groupsView(model, lab) {
  const groups = model.groups.value;
  return html`<div class="groups">
    ${groups ? linesCard(groups, lab) : html`<section class="card lines"></section>`}
    <div class="side">
      ${settingsCard(model, groups)} ${groups ? costsCard(groups, model) : nothing}
    </div>
  </div>`;
}

/**
 * @param {Groups} groups
 * @param {ChannelsLabElement} lab
 */
function linesCard(groups, lab) {
  const [height, width] = groups.size;
  const maps = groups.inputs.length;
  const kind = kindOf(groups);
  return html`
    <section class="card lines" aria-labelledby="lines-title">
      <header>
        <h2 id="lines-title">
          ${t(groups.mixed ? "channels.groups.title.mixed" : "channels.groups.title", { maps, kind: t(`channels.cost.${kind}`, { groups: groups.groups }) })}
        </h2>
        <span>${t("channels.groups.each", { height, width })}</span>
      </header>
      <div class="scroll">
        <cnn-group-lines
          .levels=${[groups.inputs, groups.outputs, ...(groups.mixed ? [groups.mixed] : [])]}
          .lines=${[groups.lines, ...(groups.mixing ? [groups.mixing] : [])]}
          .titles=${[
            t("channels.groups.input"),
            t("channels.groups.output"),
            t("channels.groups.mixed"),
          ]}
          .between=${[
            t("channels.groups.between.kernels", { lines: groups.lines.length }),
            t("channels.groups.between.weights", { lines: groups.mixing?.length ?? 0 }),
          ]}
          .pointed=${lab.pointed}
          @map-point=${(/** @type {CustomEvent} */ { detail }) => {
            lab.pointed = detail.pointed;
          }}
        ></cnn-group-lines>
      </div>
      <p class="caption">${t("channels.groups.note")}</p>
    </section>
  `;
}

/**
 * @param {ChannelsLabModel} model
 * @param {Groups | null} groups
 */
function settingsCard(model, groups) {
  const stops = groups?.stops ?? [];
  const at = Math.max(0, stops.indexOf(groups?.groups ?? 1));
  const maps = groups?.inputs.length ?? 0;
  return html`
    <section class="card settings" aria-labelledby="groups-title">
      <header>
        <h2 id="groups-title">${t("channels.groups")}</h2>
        <span>
          ${groups ? t("channels.groups.per", { inputs: maps / groups.groups }) : ""}
        </span>
      </header>
      ${choiceOption(model, "source", ["planes", "maps"], "channels")}
      <div class="stops">
        ${stops.map(
          (stop) => html`<button
            type="button"
            class="stop"
            aria-pressed=${String(stop === groups?.groups)}
            aria-label=${t("channels.groups.choose", { groups: stop })}
            @click=${() => model.set({ groups: stop }, "groups")}
          >
            ${diagram(maps, stop)}<span>${number(stop)}</span>
          </button>`,
        )}
      </div>
      <input
        type="range"
        min="0"
        max=${Math.max(0, stops.length - 1)}
        step="1"
        .value=${String(at)}
        aria-label=${t("channels.groups")}
        aria-valuetext=${t("channels.groups.choose", { groups: groups?.groups ?? 1 })}
        @input=${(/** @type {Event} */ event) => {
          const slider = /** @type {HTMLInputElement} */ (event.target);
          model.set({ groups: stops[slider.valueAsNumber] }, "groups");
        }}
      />
      <div class="row">
        ${yesNoOption(model, "pointwise", "channels")}
        <button
          type="button"
          @click=${() => model.set({ seed: (model.store.state.peek().seed % 2 ** 31) + 1 })}
        >
          ${t("channels.groups.draw")}
        </button>
      </div>
    </section>
  `;
}

/**
 * @param {Groups} groups
 * @param {ChannelsLabModel} model
 */
function costsCard(groups, model) {
  const { pointwise } = model.store.state.value;
  const maps = groups.inputs.length;
  const isChosen = (/** @type {Cost} */ { kind, groups: count }) =>
    kind === "separable"
      ? pointwise && groups.groups === maps
      : kind !== "pointwise" && count === groups.groups && !(pointwise && groups.groups === maps);
  const most = Math.max(...groups.costs.map((cost) => cost.multiplyAdds));
  return html`
    <section class="card costs" aria-labelledby="costs-title">
      <header>
        <h2 id="costs-title">${t("channels.costs")}</h2>
        <span>${t("channels.costs.note", { maps })}</span>
      </header>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("channels.costs.layer")}</th>
            <th scope="col">${t("channels.costs.lines")}</th>
            <th scope="col">${t("channels.costs.weights")}</th>
            <th scope="col">${t("channels.costs.multiplyAdds")}</th>
          </tr>
        </thead>
        <tbody>
          ${groups.costs.map(
            (
              cost,
            ) => html`<tr class=${isChosen(cost) ? "chosen" : ""} aria-current=${isChosen(cost) ? "true" : nothing}>
              <th scope="row">${t(`channels.cost.${cost.kind}`, { groups: cost.groups })}</th>
              <td>${number(cost.lines)}</td>
              <td><span class="formula">${formula(cost, groups.costs)}</span> = <b>${number(cost.weights)}</b></td>
              <td>
                ${number(cost.multiplyAdds)}
                <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
                  <rect width=${(100 * cost.multiplyAdds) / most} height="6" rx="1"></rect>
                </svg>
              </td>
            </tr>`,
          )}
        </tbody>
      </table>
    </section>
  `;
}

/**
 * @param {Cost} cost
 * @param {Cost[]} costs
 */
function formula({ kind, outputs, inputs, side }, costs) {
  if (kind !== "separable")
    return [outputs, inputs, side, side].map((factor) => number(factor)).join(" · ");
  const parts = costs.filter((cost) => cost.kind === "depthwise" || cost.kind === "pointwise");
  return parts.map((cost) => number(cost.weights)).join(" + ");
}

/** @param {Groups} groups */
function kindOf(groups) {
  if (groups.groups === 1) return "ordinary";
  return groups.groups === groups.inputs.length ? "depthwise" : "grouped";
}

/**
 * Which inputs feed which outputs, in small.
 * @param {number} maps
 * @param {number} groups
 */
function diagram(maps, groups) {
  const y = (/** @type {number} */ index) => 2 + (36 * index) / Math.max(1, maps - 1);
  const per = maps / groups;
  const pairs = Array.from({ length: maps }, (_, from) =>
    Array.from({ length: per }, (__, at) => [from, Math.floor(from / per) * per + at]),
  ).flat();
  return html`<svg viewBox="0 0 40 40" aria-hidden="true">
    ${pairs.map(([from, to]) => svg`<path d=${`M2 ${y(from)}L38 ${y(to)}`}></path>`)}
  </svg>`;
}
