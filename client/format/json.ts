export type JsonTokenKind = 'key' | 'string' | 'number' | 'word' | 'mark' | 'space';

export interface JsonToken {
  kind: JsonTokenKind;
  text: string;
}

const LEXEME = /"(?:[^"\\]|\\[^])*"|[{}[\],:]|[^\s{}[\],:"]+/g;

/** The words of a JSON text as they are spelled, white space between them left out. */
export const lexemesOf = (raw: string): string[] => raw.match(LEXEME) ?? [];

function kindOf(text: string, next: string | undefined): JsonTokenKind {
  if (text.startsWith('"')) return next === ':' ? 'key' : 'string';
  if (/^[{}[\],:]$/.test(text)) return 'mark';
  return /^[-\d]/.test(text) ? 'number' : 'word';
}

/**
 * Lays JSON text out over lines without ever reading its values: numbers, escapes, key order and doubled keys
 * appear exactly as they were sent, which a parse and print would not keep.
 */
export function layOut(raw: string): JsonToken[] {
  const lexemes = lexemesOf(raw);
  const tokens: JsonToken[] = [];
  let depth = 0;
  const line = (): void => void tokens.push({ kind: 'space', text: `\n${'  '.repeat(depth)}` });
  lexemes.forEach((text, index) => {
    const [before, next] = [lexemes[index - 1], lexemes[index + 1]];
    const opens = text === '{' || text === '[';
    const closes = text === '}' || text === ']';
    if (closes) {
      depth = Math.max(0, depth - 1);
      if (before !== '{' && before !== '[') line();
    }
    tokens.push({ kind: kindOf(text, next), text });
    if (opens) {
      depth += 1;
      if (next !== '}' && next !== ']') line();
    }
    if (text === ',') line();
    if (text === ':') tokens.push({ kind: 'space', text: ' ' });
  });
  return tokens;
}

/** The laid-out text; equal to the raw text but for white space between its lexemes. */
export const indentJson = (raw: string): string =>
  layOut(raw)
    .map(({ text }) => text)
    .join('');

/** Whether a text is a JSON object, as a payload has to be. */
export function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What stands in the way of sending a text as a payload. */
export const payloadProblem = (text: string): string | undefined =>
  isJsonObject(text) ? undefined : 'The payload has to be a JSON object.';

/** The text a JSON string literal stands for; the literal itself when it is none. */
export function decodeLiteral(raw: string): string {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : raw;
  } catch {
    return raw;
  }
}
