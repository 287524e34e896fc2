import { computed } from "@preact/signals-core";

/**
 * A computed value of plain JSON that stays the same object while nothing of it changes.
 * @template T
 * @param {() => T} read
 * @returns {import("@preact/signals-core").ReadonlySignal<T>}
 */
export function steady(read) {
  const text = computed(() => JSON.stringify(read()));
  return computed(() => JSON.parse(text.value));
}
