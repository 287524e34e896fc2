import { css } from "lit";

/** The colour of each run, where its class stands. */
export const runColors = css`
  .run-1 {
    --run: var(--run-1);
  }

  .run-2 {
    --run: var(--run-2);
  }

  .run-3 {
    --run: var(--run-3);
  }

  .run-4 {
    --run: var(--run-4);
  }

  .run-5 {
    --run: var(--run-5);
  }
`;
