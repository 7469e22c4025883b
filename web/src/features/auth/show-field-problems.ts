import type { FieldValues, Path, UseFormSetError } from 'react-hook-form';
import { fieldProblems, toApiError } from '@/api/errors';

/** What the exchange says about single fields of a form, beside them; the first of them gets the focus. */
export function showFieldProblems<Values extends FieldValues>(
  error: unknown,
  fields: readonly Path<Values>[],
  setError: UseFormSetError<Values>,
): void {
  const problems = fieldProblems(toApiError(error));
  const told = fields.filter((name) => problems.some(({ field }) => field === name));
  for (const name of told) {
    const message = problems.find(({ field }) => field === name)?.message;
    setError(name, { message }, { shouldFocus: name === told[0] });
  }
}
