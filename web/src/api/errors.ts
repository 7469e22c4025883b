import { isAxiosError, type AxiosError } from 'axios';

interface Envelope {
  error?: {
    code?: string;
    message?: string;
    request_id?: string;
    details?: unknown;
  };
}

interface Facts {
  status: number;
  code: string;
  requestId?: string | undefined;
  retryAfter?: number | undefined;
  details?: unknown;
}

/** Everything that can go wrong with a request, in the API's own words. `status` 0: the server was not reached. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly code: string;
  readonly requestId: string | undefined;
  /** Seconds to wait before the next try. */
  readonly retryAfter: number | undefined;
  readonly details: unknown;

  constructor(message: string, { status, code, requestId, retryAfter, details }: Facts) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
    this.retryAfter = retryAfter;
    this.details = details;
  }

  /** The outcome is unknown; only a retry with the same idempotency key is safe. */
  get indeterminate(): boolean {
    return this.status === 0 || this.code === 'OUTCOME_UNKNOWN';
  }
}

function fromAnswer(error: AxiosError<Envelope>): ApiError {
  const { response } = error;
  if (response === undefined) return new ApiError(error.message, { status: 0, code: 'NETWORK_ERROR' });
  const body = response.data.error;
  const retryAfter = Number(response.headers['retry-after']);
  return new ApiError(body?.message ?? error.message, {
    status: response.status,
    code: body?.code ?? 'INTERNAL_ERROR',
    requestId: body?.request_id,
    retryAfter: Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : undefined,
    details: body?.details,
  });
}

/** Turns whatever was thrown into an ApiError. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isAxiosError<Envelope>(error)) return fromAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(message, { status: 0, code: 'CLIENT_ERROR' });
}

interface FieldProblem {
  field: string;
  message: string;
}

/** Validation problems by field, whatever of the usual shapes the details have. */
export function fieldProblems(error: ApiError): FieldProblem[] {
  const list = Array.isArray(error.details) ? error.details : [];
  return list.flatMap((item: unknown) => {
    if (typeof item !== 'object' || item === null) return [];
    const { field, loc, message, msg } = item as Record<string, unknown>;
    const place: unknown = field ?? (Array.isArray(loc) ? loc.at(-1) : undefined);
    const text = message ?? msg;
    return typeof place === 'string' && typeof text === 'string'
      ? [{ field: place.split('.').at(-1) ?? place, message: text }]
      : [];
  });
}
