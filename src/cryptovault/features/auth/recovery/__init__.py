"""Getting an account back: a new password by mail, and the freeze that stops a thief."""
