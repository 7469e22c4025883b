"""What is true: a pure, deterministic exchange. Standard library only, integers only, no I/O."""
