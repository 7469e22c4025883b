import * as z from 'zod/mini';
import { PASSWORD_MAX, PASSWORD_MIN } from '@/lib/password-strength';

const email = z.string().check(z.trim(), z.email('email'));

export const loginSchema = z.object({
  email,
  password: z.string().check(z.minLength(1, 'passwordMissing')),
});

const newPassword = (min: number) =>
  z.string().check(z.minLength(min, 'passwordShort'), z.maxLength(PASSWORD_MAX, 'passwordLong'));

export const signupSchema = z.object({
  name: z.string().check(z.trim(), z.maxLength(80, 'nameLong')),
  email,
  password: newPassword(PASSWORD_MIN),
});

export const adminSetupSchema = z.object({
  token: z.string().check(z.trim(), z.minLength(1, 'tokenMissing')),
  ...signupSchema.shape,
});

export const forgotSchema = z.object({ email });

export const resetSchema = (min: number) => z.object({ password: newPassword(min) });

export type LoginValues = z.infer<typeof loginSchema>;
export type AdminSetupValues = z.infer<typeof adminSetupSchema>;
export type SignupValues = z.infer<typeof signupSchema>;

/** Messages of the schemas are keys of the texts `auth:problem.*`. */
const PROBLEMS = [
  'tokenMissing',
  'email',
  'passwordMissing',
  'passwordShort',
  'passwordLong',
  'nameLong',
] as const;
export type Problem = (typeof PROBLEMS)[number];

export function isProblem(message: string): message is Problem {
  return (PROBLEMS as readonly string[]).includes(message);
}
