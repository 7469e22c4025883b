"""What is started: composition roots, the only place that wires."""
