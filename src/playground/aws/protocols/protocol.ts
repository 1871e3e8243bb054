import type { Json, JsonObject } from '#src/domain/json.ts';
import { type AwsError, serializationException } from '../errors.ts';
import { isObject, withoutNulls } from '../members.ts';
import type { Service } from '../operation.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

/** How one service speaks. */
export interface Protocol {
  readonly service: Service;
  /** The operation's name if the request is for this service. */
  recognise(request: HttpRequest): string | undefined;
  /** The operation's input. Throws AwsError where the body does not fit the protocol. */
  read(request: HttpRequest): JsonObject;
  success(operation: string, output: JsonObject, requestID: string): HttpResponse;
  failure(error: AwsError, requestID: string, request: HttpRequest): HttpResponse;
}

/** A JSON body, nulls taken for absences. */
export function parseBody(body: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(body === '' ? '{}' : body);
  } catch (cause) {
    throw serializationException(`The request body is not JSON: ${cause instanceof Error ? cause.message : ''}`);
  }
  const input = withoutNulls(value);
  if (!isObject(input)) throw serializationException('The request body is not a JSON object');
  return input;
}
