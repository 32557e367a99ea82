import { inject, it } from 'vitest';
import { addLine } from './report.ts';

/** What a check found out besides holding, for the report. `runs` counts how often the fault was provoked. */
export type Figures = Record<string, string | number>;

/** FAULTS_QUICK=1 shortens what only takes long: outages, soaks, backlogs. The guarantees stay the same. */
export const QUICK = process.env['FAULTS_QUICK'] === '1';

/** A number from the environment, such as FAULTS_KILLS. */
export function setting(name: string, fallback: number): number {
  const value = Number(process.env[name] ?? fallback);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`${name} must be a number above 0.`);
  return value;
}

/** One check, by its number and by what it protects; its line in the report is written whether it holds or not. */
export function fault(check: string, title: string, run: (figures: Figures) => Promise<void>): void {
  it(`${check}: ${title}`, async () => {
    const figures: Figures = {};
    const started = performance.now();
    let result: 'held' | 'BROKEN' = 'BROKEN';
    try {
      await run(figures);
      result = 'held';
    } finally {
      const { runs = 1, ...rest } = figures;
      const seconds = (performance.now() - started) / 1_000;
      const line = { check, title, result, runs: Number(runs), seconds, figures: rest };
      addLine(inject('faultLines'), line);
    }
  });
}

/** A check this machine cannot make. It is said in the report and fails: what was not seen to hold does not hold. */
export function notRun(check: string, title: string, why: string): void {
  it(`${check}: ${title}`, () => {
    const line = { check, title, result: 'not run' as const, runs: 0, seconds: 0, figures: { because: why } };
    addLine(inject('faultLines'), line);
    throw new Error(`Not run: ${why}`);
  });
}

/** The value that so large a part of all stays below. */
export function percentile(values: number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length * part)] ?? 0;
}

export function median(values: number[]): number {
  return percentile(values, 0.5);
}

const LOOK_MS = 10;

/** Resolves when it is so; throws, with what is known, when it is not after so many ms. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  ms = 30_000,
  known: () => string = () => '',
): Promise<void> {
  const deadline = performance.now() + ms;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms for ${what}. ${known()}`);
    await passed(LOOK_MS);
  }
}

/** Lets a fault last, or load run, for so long. Never stands in for something that can be waited for. */
export function passed(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
