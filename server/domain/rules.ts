import { slugProblem } from '../credentials/slug.ts';
import type { FieldFault } from '../errors.ts';
import { ValidationError } from '../errors.ts';

const NAME_MAX = 80;
const DESCRIPTION_MAX = 2_000;
const EMAIL = /^[^\s@<>()",;:\\[\]]{1,64}@[^\s@<>()",;:\\[\]]{1,253}\.[^\s@<>()",;:\\[\].]{2,63}$/;

/** C0 and C1 controls: PostgreSQL refuses NUL, and the others have no business in a name. */
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

/** The pattern of texts that contain this one: what a person typed is text, not a pattern. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Collects what is wrong with an input, field by field, so that all faults are told at once. */
export class Check {
  readonly faults: FieldFault[] = [];

  fault(field: string, message: string): void {
    this.faults.push({ field, message });
  }

  /** A display name, trimmed: 1 to 80 characters. */
  name(field: string, text: string): string {
    const value = text.trim();
    if (value === '') this.fault(field, 'This is required.');
    else if ([...value].length > NAME_MAX) this.fault(field, `Use at most ${NAME_MAX} characters.`);
    else if (CONTROL.test(value) || !value.isWellFormed())
      this.fault(field, 'Use printable characters only.');
    return value;
  }

  description(field: string, text: string): string {
    const value = text.trim();
    if ([...value].length > DESCRIPTION_MAX) this.fault(field, `Use at most ${DESCRIPTION_MAX} characters.`);
    else if (value.includes('\0') || !value.isWellFormed())
      this.fault(field, 'Use printable characters only.');
    return value;
  }

  slug(field: string, text: string): string {
    const problem = slugProblem(text);
    if (problem) this.fault(field, problem);
    return text;
  }

  /** An address trimmed and in lower case. */
  email(field: string, text: string): string {
    const value = text.trim().toLowerCase();
    if (value.length > 254 || !EMAIL.test(value) || CONTROL.test(value) || !value.isWellFormed()) {
      this.fault(field, 'Enter an e-mail address.');
    }
    return value;
  }

  whole(field: string, value: number, min: number, max: number): number {
    if (!Number.isInteger(value) || value < min || value > max) {
      this.fault(field, `Use a whole number from ${min} to ${max}.`);
    }
    return value;
  }

  /** Throws ValidationError when anything was wrong. */
  done(): void {
    if (this.faults.length > 0) throw new ValidationError(this.faults);
  }
}
