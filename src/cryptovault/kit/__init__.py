"""How the API speaks: errors, amounts, pagination, rate classes, security."""
