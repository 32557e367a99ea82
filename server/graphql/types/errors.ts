import { InvalidCodeError, LockedError } from '../../credentials/codes.ts';
import { IdTakenError, SlugTakenError } from '../../domain/conflicts.ts';
import { LastOwnerError } from '../../domain/members.ts';
import type { FieldFault } from '../../errors.ts';
import {
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
  ValidationError,
} from '../../errors.ts';
import { builder } from '../builder.ts';

const Failure = builder.interfaceRef<Error>('Error').implement({
  description: 'An expected failure.',
  fields: (t) => ({
    message: t.exposeString('message', { description: 'What went wrong, in words for people.' }),
  }),
});

const FieldError = builder.objectRef<FieldFault>('FieldError').implement({
  description: 'One fault of one input field.',
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the input field.' }),
    message: t.exposeString('message', { description: 'What is wrong with it, in words for people.' }),
  }),
});

builder.objectType(ValidationError, {
  name: 'ValidationError',
  description: 'Some input breaks a rule; all faults are listed.',
  interfaces: [Failure],
  fields: (t) => ({
    fields: t.field({
      type: [FieldError],
      description: 'The faults, field by field.',
      resolve: (error) => error.fields,
    }),
  }),
});

builder.objectType(ForbiddenError, {
  name: 'ForbiddenError',
  description: 'The caller is not signed in, or not allowed to do this.',
  interfaces: [Failure],
});

builder.objectType(NotFoundError, {
  name: 'NotFoundError',
  description: "There is no such thing, or it is another organisation's: the two are told alike.",
  interfaces: [Failure],
});

builder.objectType(RateLimitedError, {
  name: 'RateLimitedError',
  description: 'Too many attempts.',
  interfaces: [Failure],
  fields: (t) => ({
    retryAfterSeconds: t.exposeInt('retryAfterSeconds', {
      description: 'When another attempt may succeed, in seconds from now.',
    }),
  }),
});

builder.objectType(UnavailableError, {
  name: 'UnavailableError',
  description: 'Relay cannot do this at the moment. Perhaps it was recorded; look before trying again.',
  interfaces: [Failure],
});

builder.objectType(IdTakenError, {
  name: 'IdTakenError',
  description: 'The id is in use in this organisation.',
  interfaces: [Failure],
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the input field.' }),
    suggestion: t.exposeString('suggestion', {
      nullable: true,
      description: 'An id like the one asked for that is free.',
    }),
  }),
});

builder.objectType(SlugTakenError, {
  name: 'SlugTakenError',
  description: 'The slug is in use by another organisation.',
  interfaces: [Failure],
  fields: (t) => ({
    field: t.exposeString('field', { description: 'The name of the input field.' }),
    suggestion: t.exposeString('suggestion', {
      nullable: true,
      description: 'A slug like the one asked for that is free.',
    }),
  }),
});

builder.objectType(LastOwnerError, {
  name: 'LastOwnerError',
  description: 'An organisation always has an owner, and this is the last one.',
  interfaces: [Failure],
});

builder.objectType(InvalidCodeError, {
  name: 'InvalidCodeError',
  description: 'The sign-in code is wrong, has expired, or was sent to another browser.',
  interfaces: [Failure],
  fields: (t) => ({
    attemptsLeft: t.exposeInt('attemptsLeft', {
      description: 'Tries left with the present code, in this browser.',
    }),
  }),
});

builder.objectType(LockedError, {
  name: 'LockedError',
  description: 'Too many wrong sign-in codes in this browser.',
  interfaces: [Failure],
  fields: (t) => ({
    until: t.field({
      type: 'DateTime',
      description: 'When this browser may try again.',
      resolve: (error) => error.until,
    }),
  }),
});
