import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { SLUG_MAX } from '../credentials/slug.ts';
import { ConflictError } from '../errors.ts';

/** The id is in use within the organisation; `suggestion` is a free one like it. */
export class IdTakenError extends ConflictError {
  readonly suggestion: string;

  constructor(field: string, id: string, suggestion: string) {
    super('ID_TAKEN', field, `"${id}" is already taken. "${suggestion}" is free.`);
    this.suggestion = suggestion;
  }
}

/** The organisation's slug is in use; `suggestion` is a free one like it. */
export class SlugTakenError extends ConflictError {
  readonly suggestion: string;

  constructor(field: string, slug: string, suggestion: string) {
    super('SLUG_TAKEN', field, `"${slug}" is already taken. "${suggestion}" is free.`);
    this.suggestion = suggestion;
  }
}

export function isUniqueViolation(error: unknown): boolean {
  return error instanceof UniqueConstraintViolationException;
}

/** `wanted` with the first free number behind it, cut so that it stays a valid slug. */
export function suggestSlug(wanted: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  for (let number = 2; ; number += 1) {
    const ending = `-${number}`;
    const slug = wanted.slice(0, SLUG_MAX - ending.length).replace(/-+$/, '') + ending;
    if (!used.has(slug)) return slug;
  }
}
