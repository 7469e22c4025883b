"""A second factor and every recovery code are lost: two administrators, seven days, and a link to stop it."""
