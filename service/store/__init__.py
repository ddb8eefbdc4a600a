"""The only SQL: engine, rows, projections, outbox, units of work and migrations."""
