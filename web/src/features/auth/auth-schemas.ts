import * as z from 'zod/mini';

/** The server's rule for passwords; length is what counts, there are no rules of composition. */
export const PASSWORD_MIN = 15;
const PASSWORD_MAX = 128;

const email = z.string().check(z.trim(), z.email('email'));

export const loginSchema = z.object({
  email,
  password: z.string().check(z.minLength(1, 'passwordMissing')),
});

export const signupSchema = z.object({
  name: z.string().check(z.trim(), z.maxLength(80, 'nameLong')),
  email,
  password: z
    .string()
    .check(z.minLength(PASSWORD_MIN, 'passwordShort'), z.maxLength(PASSWORD_MAX, 'passwordLong')),
});

export type LoginValues = z.infer<typeof loginSchema>;
export type SignupValues = z.infer<typeof signupSchema>;

/** Messages of the schemas are keys of the texts `auth:problem.*`. */
const PROBLEMS = ['email', 'passwordMissing', 'passwordShort', 'passwordLong', 'nameLong'] as const;
export type Problem = (typeof PROBLEMS)[number];

export function isProblem(message: string): message is Problem {
  return (PROBLEMS as readonly string[]).includes(message);
}
