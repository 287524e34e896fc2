/**
 * The card of the shift experiment: the picture to shift, each method's output, the change over the
 * shift, and what the literature says.
 *
 * @import { Curve } from "./contract.js"
 * @import { PoolingLabModel } from "./model.js"
 * @import { MethodName } from "./state.js"
 */
import { html, nothing } from "lit";
import { guard } from "lit/directives/guard.js";
import { currentLanguage, number, t } from "../../i18n/index.js";
import { wholeView } from "../shared/lab-view.js";
import { LIMITS, METHODS } from "./state.js";
import { changeWords, methodWords } from "./words.js";

/** Side of the visible part in pixels: enough to recognise, few enough to see a single one move. */
const CLOSE = 96;
const STEP = 0.25;

/**
 * @param {PoolingLabModel} model
 */
export function shiftCard(model) {
  const { measure } = model.store.state.value;
  return html`
    <section class="card wide shift" aria-labelledby="shift-title">
      <header>
        <h2 id="shift-title">${t("pooling.shift")}</h2>
        <p class="caption">${t("pooling.shift.lead")}</p>
      </header>
      ${guard([...ofCurves(model), model.setting.value], () => measured(model))}
      <div class="figures-row">
        <cnn-segmented-control
          .label=${t("pooling.measure")}
          .options=${["stay", "follow"].map((value) => ({
            value,
            label: t(`pooling.measure.${value}`),
            title: t(`pooling.measure.${value}.title`),
          }))}
          .value=${measure}
          @value-change=${(/** @type {CustomEvent} */ { detail }) =>
            model.set({ measure: detail.value })}
        ></cnn-segmented-control>
        <p class="caption">${t(`pooling.measure.${measure}.title`)}</p>
      </div>
      <div class="experiment">
        ${shiftControls(model)}
        <div class="moved">
          ${model.methods.value.map((method) => shiftedOutput(model, method))}
        </div>
      </div>
      ${guard([...ofCurves(model), model.experiment.value], () => chart(model))}
      ${guard([currentLanguage()], literature)}
    </section>
  `;
}

/**
 * The picture and the controls that shift it.
 * @param {PoolingLabModel} model
 */
function shiftControls(model) {
  const { shift } = model.store.state.value;
  const answer = model.shiftedInput.value;
  const [down, right] = shift;
  const world = closeUp(model);
  const stepper = (
    /** @type {"down" | "right"} */ name,
    /** @type {number} */ value,
    /** @type {(value: number) => [number, number]} */ next,
  ) => html`<cnn-number-stepper
    .label=${t(`pooling.shift.${name}`)}
    .value=${value}
    .min=${-LIMITS.shift}
    .max=${LIMITS.shift}
    .step=${STEP}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.moveTo(next(detail.value), name)}
  ></cnn-number-stepper>`;
  return html`<div class="hand">
    <cnn-shift-pad
      .picture=${answer?.map.picture ?? null}
      .world=${world}
      .shift=${shift}
      .limit=${LIMITS.shift}
      .label=${t("pooling.shift.alt", { down: number(down), right: number(right) })}
      @shift-change=${(/** @type {CustomEvent} */ { detail }) =>
        model.moveTo(detail.shift, detail.stroke)}
    ></cnn-shift-pad>
    <label class="field">
      <span class="label">${t("pooling.shift.slider")}</span>
      <input
        type="range"
        min=${-LIMITS.shift}
        max=${LIMITS.shift}
        step=${STEP}
        .value=${String(right)}
        aria-valuetext=${t("pooling.shift.pixels", { count: right })}
        @input=${(/** @type {Event} */ event) =>
          model.moveTo(
            [down, Number(/** @type {HTMLInputElement} */ (event.target).value)],
            "slider",
          )}
      >
    </label>
    <div class="row">
      ${stepper("right", right, (value) => [down, value])}
      ${stepper("down", down, (value) => [value, right])}
    </div>
    <p class="change">
      ${changeWords(answer?.change.relative)}<small>${t("pooling.change.input")}</small>
    </p>
  </div>`;
}

/**
 * One method's output after the shift, and how it differs from the original.
 * @param {PoolingLabModel} model
 * @param {MethodName} method
 */
function shiftedOutput(model, method) {
  const { measure } = model.store.state.value;
  const { answer = null, problem = null } = model.shifted.value.get(method) ?? {};
  const world = closeUp(model);
  const { origin = [0, 0], step = [1, 1], first = [0, 0] } = answer ?? {};
  const compared = [origin[0] + first[0] * step[0], origin[1] + first[1] * step[1]];
  const change = answer?.[measure];
  const isFlat = change && change.relative === null && change.absolute !== null;
  const map = (
    /** @type {"after" | "difference"} */ name,
    /** @type {import("../shared/core-types.js").LegendedPicture | null} */ shown,
    /** @type {number[]} */ from,
  ) => html`<cnn-feature-map
    class=${name}
    .picture=${shown?.picture ?? null}
    .origin=${from}
    .step=${step}
    .world=${world}
    .view=${wholeView(world)}
    .label=${t(`pooling.shift.${name}.alt`, { method: methodWords(method) })}
  >
    ${
      name === "difference"
        ? html`<cnn-color-legend .legend=${shown?.legend ?? null}></cnn-color-legend>`
        : nothing
    }
    <span slot="end" hidden></span>
  </cnn-feature-map>`;
  return html`<div>
    <h3>${methodWords(method)}</h3>
    ${map("after", answer?.map ?? null, origin)}
    ${
      isFlat
        ? html`<p class="change">
            ${changeWords(change.absolute)}<small>${t("pooling.change.absolute")}</small>
          </p>`
        : html`<p class="change" title=${t("pooling.change.title")}>
            ${changeWords(change?.relative)}<small>${t(`pooling.change.${measure}`)}</small>
          </p>`
    }
    ${
      answer && !answer.difference
        ? html`<p class="caption">${t("pooling.change.nothing")}</p>`
        : map("difference", answer?.difference ?? null, compared)
    }
    ${
      problem
        ? html`<p class="note problem">${t(`error.${problem.code}`, problem.details)}</p>`
        : nothing
    }
  </div>`;
}

/** @param {PoolingLabModel} model */
function chart(model) {
  const { measure, shift } = model.store.state.value;
  const curves = curvesOf(model);
  const [first] = curves;
  if (!first || first.curve.shifts.length < 2) return nothing;
  const all = [
    ...(measure === "stay" && model.inputCurve.value
      ? [{ name: t("pooling.chart.input"), values: model.inputCurve.value.stay, look: 0 }]
      : []),
    ...curves
      .map(({ method, curve }) => ({
        name: methodWords(method),
        values: curve[measure],
        look: METHODS.indexOf(method) + 1,
      }))
      .filter(({ values }) => values.some(Number.isFinite)),
  ];
  return html`<cnn-line-chart
    .x=${first.curve.shifts}
    .series=${all}
    .label=${t(`pooling.chart.${measure}`)}
    .xLabel=${t("pooling.chart.x")}
    .yLabel=${t(`pooling.chart.${measure}.y`)}
    .at=${shift[0] === 0 ? Math.abs(shift[1]) : null}
  ></cnn-line-chart>`;
}

/**
 * The measurements, as text.
 * @param {PoolingLabModel} model
 */
function measured(model) {
  const curves = curvesOf(model);
  const stride = model.store.state.value.stride[1];
  const at = (/** @type {ArrayLike<number>} */ values, /** @type {number[]} */ shifts) =>
    changeWords(values[shifts.indexOf(1)]);
  const input = model.inputCurve.value;
  const isMovable = input?.shifts.includes(1);
  return html`<div class="story">
    <h3>${t("pooling.measured")}</h3>
    ${
      input && isMovable
        ? html`
            <p>${t("pooling.measured.lesson", { stride })}</p>
            <p>${t("pooling.measured.stay", { input: at(input.stay, input.shifts) })}</p>
            <ul>
              ${curves.map(
                ({ method, curve }) => html`<li>
                  ${
                    Number.isFinite(curve.stay[curve.shifts.indexOf(1)])
                      ? t("pooling.measured.method", {
                          method: methodWords(method),
                          stay: at(curve.stay, curve.shifts),
                          follow: at(curve.follow, curve.shifts),
                        })
                      : t("pooling.measured.flat", { method: methodWords(method) })
                  }
                </li>`,
              )}
            </ul>
          `
        : html`<p>${t("pooling.measured.small")}</p>`
    }
    <p class="caption">${t("pooling.measured.how")}</p>
  </div>`;
}

/** What the chart and the measurements depend on. @param {PoolingLabModel} model */
function ofCurves({ curves, inputCurve, methods }) {
  return [curves.value, inputCurve.value, methods.value, currentLanguage()];
}

const CLAIMS = ["aliasing", "blur", "table", "strided", "summary"];

function literature() {
  return html`<div class="story">
    <h3>${t("pooling.literature")}</h3>
    <ul>
      ${CLAIMS.map((claim) => html`<li>${t(`pooling.literature.${claim}`)}</li>`)}
    </ul>
    <p class="caption">${t("pooling.literature.sources")}</p>
  </div>`;
}

/**
 * The curves of the methods shown, as far as they have arrived.
 * @param {PoolingLabModel} model
 * @returns {{ method: MethodName, curve: Curve }[]}
 */
function curvesOf(model) {
  return model.methods.value.flatMap((method) => {
    const curve = model.curves.value.get(method)?.answer;
    return curve ? [{ method, curve }] : [];
  });
}

/**
 * The close-up, in pixels of the experiment's frame: the surroundings of the window explained
 * above.
 * @param {PoolingLabModel} model
 */
function closeUp({ input, inspection, shiftedInput }) {
  const frame = shiftedInput.value?.map.picture ?? { height: CLOSE, width: CLOSE };
  const whole = input.value?.picture ?? frame;
  const { rows, cols } = inspection.value?.footprint ?? { rows: [0, 0], cols: [0, 0] };
  const span = (
    /** @type {number[]} */ [first, last],
    /** @type {number} */ extent,
    /** @type {number} */ side,
  ) => {
    const size = Math.min(CLOSE, extent);
    const middle = Math.round((first + last + 1) / 2) - Math.floor((side - extent) / 2);
    const start = Math.max(0, Math.min(extent - size, middle - Math.round(size / 2)));
    return [start, start + size];
  };
  const [top, bottom] = span(rows, frame.height, whole.height);
  const [left, right] = span(cols, frame.width, whole.width);
  return { top, left, bottom, right };
}
