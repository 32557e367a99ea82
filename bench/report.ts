import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';

/** What one row of the benchmark found, ready to be shown. */
export interface Table {
  title: string;
  /** What is hoped for. */
  target: string;
  head: string[];
  lines: string[][];
  notes: string[];
}

const DOCUMENT = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));

export function printTable({ title, target, head, lines, notes }: Table): void {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...lines.map((line) => (line[column] ?? '').length)),
  );
  const show = (line: string[]) => line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ');
  console.log(`\n${title}\nTarget: ${target}\n`);
  for (const line of [head, ...lines]) console.log(show(line).trimEnd());
  for (const note of notes) console.log(`- ${note}`);
}

/** Machine, versions, date and load: without them a figure says nothing. */
export function circumstances(versions: string[]): string[] {
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  return [
    `${cpus()[0]?.model.trim()} × ${cpus().length}, ${Math.round(totalmem() / 2 ** 30)} GB memory, ${process.platform}; clients, servers and database share it`,
    `load average of the last minutes at the end ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' / ')}`,
    `${new Date().toISOString().slice(0, 10)}, commit ${commit.trim()}, Node ${process.version}, ${versions.join(', ')}`,
  ];
}

/** Writes the row just measured and keeps what the document says of the others. */
export function writeDocument(command: string, facts: string[], table: Table): void {
  const sections = new Map(keptSections().map((section) => [section.slice(0, 1), section]));
  sections.set(table.title.slice(0, 1), sectionOf(table, command, facts));
  const ordered = [...sections].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, section]) => `## ${section}`);
  writeFileSync(DOCUMENT, `${PREAMBLE}\n${ordered.join('\n\n')}\n`);
  // The document is held to the repository's format like any other.
  execFileSync('npx', ['prettier', '--write', DOCUMENT], { stdio: 'ignore' });
}

const PREAMBLE = `# Benchmarks

Written by \`npm run bench\`; run it to get these tables for your own machine, or single rows of them with
\`-- --rows a,b\`. Figures are medians, with the least and the most of several runs in brackets; what is compared was run in
turns in the same minutes. What bounds them is in [architecture.md](architecture.md#what-bounds-the-speed). D2: on disk (fsync) before it is acknowledged. D1: written, not yet synced. D0: in memory.
`;

function keptSections(): string[] {
  if (!existsSync(DOCUMENT)) return [];
  const [, ...sections] = readFileSync(DOCUMENT, 'utf8').split('\n## ');
  return sections.map((section) => section.trim());
}

function sectionOf({ title, target, head, lines, notes }: Table, command: string, facts: string[]): string {
  const row = (cells: string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  const table = [head, head.map(() => '---'), ...lines].map(row);
  const remarks = [...notes, `\`${command}\`: ${facts.join('; ')}.`].map((note) => `- ${note}`);
  return [title, '', `Target: ${target}`, '', ...table, '', ...remarks].join('\n');
}
