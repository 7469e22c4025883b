"""What is durable: sequencer, journal, snapshots, recovery, leadership, projector."""
