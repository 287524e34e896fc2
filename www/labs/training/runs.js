/**
 * The runs beside each other: each with its settings, its engine and what was measured so far. They
 * go on together, step for step.
 *
 * @import { EngineClient } from "../../engine/client.js"
 * @import { Problem } from "../../engine/protocol.js"
 * @import { RateChange, RunFacts, RunRecord, RunSettings, TrainingCore } from "./contract.js"
 */
import { asset } from "../../engine/assets.js";
import { problemOf } from "../shared/problem.js";

/**
 * @typedef {object} Run
 * @property {RunSettings} settings  an asset: the core makes its run of it
 * @property {TrainingCore} core
 * @property {RunFacts | null} facts
 * @property {RunRecord[]} records
 * @property {number} step
 * @property {number | null} learningRate  of the next step
 * @property {number | null} stopped  the step whose loss was no number
 * @property {number[]} saved  steps that can be looked at
 * @property {Problem | null} problem
 * @property {RateChange[]} changes  that the records follow
 */

/**
 * @param {RunSettings} settings
 * @param {EngineClient<TrainingCore>} engine
 * @returns {Run}
 */
export function newRun(settings, engine) {
  return {
    settings: asset(settings),
    core: engine.core,
    facts: null,
    records: [],
    step: 0,
    learningRate: null,
    stopped: null,
    saved: [],
    problem: null,
    changes: [],
  };
}

/**
 * Takes a run to step `until`, or to where it ends; the answer is a run with what is known then. One
 * that was cancelled stays as it was.
 * @param {Run} run
 * @param {number} until
 * @param {RateChange[]} changes
 * @returns {Promise<Run>}
 */
export async function advanced(run, until, changes) {
  try {
    const facts = run.facts ?? (await run.core.facts(run.settings));
    const kept = keptRecords(run, changes);
    const progress = await run.core.advance(run.settings, until, changes, kept.length);
    const { step, learningRate, stopped, saved, records } = progress;
    return {
      ...run,
      facts,
      changes,
      step,
      learningRate,
      stopped,
      saved,
      records: [...kept, ...records],
      problem: null,
    };
  } catch (error) {
    const problem = problemOf(error);
    return problem.code === "cancelled" ? run : { ...run, problem };
  }
}

/**
 * The records that stay as they are when other changes of the rate are followed: those before the
 * first difference.
 * @param {Run} run
 * @param {RateChange[]} changes
 */
function keptRecords({ records, changes: followed }, changes) {
  const isIn =
    (/** @type {RateChange[]} */ list) =>
    (/** @type {RateChange} */ { step, factor }) =>
      list.some((other) => other.step === step && other.factor === factor);
  const different = [
    ...followed.filter((change) => !isIn(changes)(change)),
    ...changes.filter((change) => !isIn(followed)(change)),
  ];
  const first = Math.min(...different.map(({ step }) => step));
  return records.filter(({ step }) => step < first);
}

/** A run that can go on. @param {Run} run */
export const goesOn = ({ stopped, problem }) => stopped === null && problem === null;

/** The last record. @param {Run} run @returns {RunRecord | undefined} */
export const latest = ({ records }) => records[records.length - 1];

/**
 * The record of the latest step that is not after `step`.
 * @param {Run} run
 * @param {number} step
 */
export const recordAt = ({ records }, step) =>
  records.findLast((record) => record.step <= step) ?? records[0];
