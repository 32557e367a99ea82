import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where each check of a run writes its line. */
    faultLines: string;
  }
}

/** One check as it went. `runs` is how often the fault was provoked. */
export interface Line {
  check: string;
  title: string;
  result: 'held' | 'BROKEN' | 'not run';
  runs: number;
  seconds: number;
  figures: Record<string, string | number>;
}

export function addLine(path: string, line: Line): void {
  appendFileSync(path, `${JSON.stringify(line)}\n`);
}

/** vitest's global set-up: collects what the checks say of themselves and prints it when all are over. */
export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'relay-faults-report-'));
  const path = join(folder, 'lines.jsonl');
  project.provide('faultLines', path);
  return () => {
    const lines = existsSync(path)
      ? readFileSync(path, 'utf8')
          .trim()
          .split('\n')
          .map((text) => JSON.parse(text) as Line)
      : [];
    rmSync(folder, { recursive: true, force: true });
    process.stdout.write(`${table(lines)}\n`);
  };
}

const number = (line: Line): number => Number(line.check.slice(1));

function table(lines: Line[]): string {
  const rows = [...lines]
    .sort((a, b) => number(a) - number(b))
    .map((line) => [
      line.check,
      line.result,
      String(line.runs),
      `${line.seconds.toFixed(1)} s`,
      line.title,
      Object.entries(line.figures)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · '),
    ]);
  const head = ['check', 'result', 'runs', 'took', 'what', 'figures'];
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at]?.length ?? 0)));
  const print = (row: string[]) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd();
  const broken = lines.filter(({ result }) => result === 'BROKEN').length;
  const unrun = lines.filter(({ result }) => result === 'not run').length;
  const held = lines.length - broken - unrun;
  const sum = `${held} held, ${broken} broken, ${unrun} not run`;
  return ['', print(head), print(widths.map((width) => '-'.repeat(width))), ...rows.map(print), '', sum].join(
    '\n',
  );
}
