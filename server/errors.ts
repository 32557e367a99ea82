/** One fault of one input field, with a text that may be shown to the person who filled it in. */
export interface FieldFault {
  field: string;
  message: string;
}

/**
 * An intended failure. Its message and code are public: they reach clients as they are. Everything that is not a
 * RelayError is unexpected, and is logged and masked at the edge.
 */
export class RelayError extends Error {
  readonly code: string;
  readonly fields: FieldFault[] | undefined;
  /** Where another attempt may succeed by then, in whole seconds from now. */
  declare readonly retryAfterSeconds?: number;

  constructor(code: string, message: string, fields?: FieldFault[]) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.fields = fields;
  }
}

/** Input that breaks a rule; every fault is listed, not only the first. */
export class ValidationError extends RelayError {
  declare readonly fields: FieldFault[];

  constructor(fields: FieldFault[], message = fields.map((fault) => fault.message).join(' ')) {
    super('VALIDATION', message, fields);
  }
}

/** Absent, or another organisation's: the two are deliberately indistinguishable. */
export class NotFoundError extends RelayError {
  constructor(message = 'Not found.') {
    super('NOT_FOUND', message);
  }
}

export class ForbiddenError extends RelayError {
  constructor(message = 'You are not allowed to do this.') {
    super('FORBIDDEN', message);
  }
}

/** The caller is not, or no longer, signed in. */
export class UnauthenticatedError extends RelayError {
  constructor(message = 'Sign in first.') {
    super('UNAUTHENTICATED', message);
  }
}

export type ConflictCode = 'ID_TAKEN' | 'SLUG_TAKEN';

/** Something else already has this unique name; `field` is the input field that holds it. */
export class ConflictError extends RelayError {
  declare readonly code: ConflictCode;
  readonly field: string;

  constructor(code: ConflictCode, field: string, message: string) {
    super(code, message, [{ field, message }]);
    this.field = field;
  }
}

/** Too many attempts; try again after `retryAfterSeconds` whole seconds. */
export class RateLimitedError extends RelayError {
  override readonly retryAfterSeconds: number;

  constructor(retryAfterSeconds: number, message = 'Too many attempts. Try again later.') {
    super('RATE_LIMITED', message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The database cannot commit now; the work may or may not have been recorded. */
export class UnavailableError extends RelayError {
  constructor(message = 'Relay cannot reach its database at the moment. Try again.') {
    super('UNAVAILABLE', message);
  }
}

/** A bounded queue is full; nothing was started. It moves fast: try again after `retryAfterSeconds`. */
export class OverloadedError extends RelayError {
  override readonly retryAfterSeconds = 1;

  constructor(message = 'Relay is overloaded at the moment. Try again.') {
    super('OVERLOADED', message);
  }
}

/** The database was not given the time this would have taken. */
export class TooSlowError extends RelayError {
  constructor() {
    super('TOO_SLOW', 'This took too long and was given up. Narrow it, for instance by time, or try again.');
  }
}
