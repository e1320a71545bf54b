"""Experiments: whatever needs many runs."""
