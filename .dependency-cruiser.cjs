/**
 * Which folders of the front end may import which: `npm test -- --only structure`.
 *
 * page -> labs/registry.js -> labs/x -> labs/shared -> widgets, state, engine -> i18n, pictures
 */

/** What each folder of `www/` may import besides itself. */
const MAY_IMPORT = {
  i18n: [],
  pictures: [],
  state: [],
  engine: [],
  widgets: ["i18n", "pictures"],
  "labs/shared": ["widgets", "state", "engine", "i18n", "pictures"],
  page: ["labs/registry\\.js", "widgets", "state", "engine", "i18n", "pictures"],
  package: ["pkg"],
};

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    ...Object.entries(MAY_IMPORT).map(([folder, others]) => ({
      name: `below-${folder.replace("/", "-")}`,
      comment: `www/${folder} imports ${others.join(", ") || "nothing else"} of www/`,
      severity: "error",
      from: { path: `^www/${folder}/` },
      to: { path: "^www/", pathNot: [folder, ...others].map((other) => `^www/${other}(/|$)`) },
    })),
    {
      name: "labs-know-no-lab",
      comment: "a lab imports itself, what all labs share, and what lies below",
      severity: "error",
      from: { path: "^www/labs/(?!shared/)([^/]+)/" },
      to: {
        path: "^www/",
        pathNot: ["^www/labs/$1/", "^www/(labs/shared|widgets|state|engine|i18n|pictures|pkg)/"],
      },
    },
    {
      name: "registry-loads-labs",
      comment: "the list of labs imports what registers each of them",
      severity: "error",
      from: { path: "^www/labs/registry\\.js$" },
      to: { pathNot: "^www/labs/[^/]+/define\\.js$" },
    },
    {
      // The wasm may not be built yet: its path is then the one that is written.
      name: "labs-take-their-wasm",
      comment: "only a lab's contract calls its part; `engine.js` brings the module",
      severity: "error",
      from: { pathNot: "^www/labs/[^/]+/(contract|engine)\\.js$" },
      to: { path: "(^|/)pkg/(?!operators)" },
    },
    {
      name: "package-takes-the-operators-wasm",
      severity: "error",
      from: { path: "^www/", pathNot: "^www/package/" },
      to: { path: "(^|/)pkg/operators" },
    },
    {
      name: "www-stands-alone",
      comment: "what ships imports no script, test or benchmark",
      severity: "error",
      from: { path: "^www/" },
      to: { path: "^(scripts|tests|benches)/" },
    },
    {
      name: "no-cycle",
      severity: "error",
      from: {},
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "(^|/)(node_modules|pkg)/" },
    exclude: { path: "^(dist|target)/" },
  },
};
