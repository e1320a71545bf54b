"""Seeded defects: what the static linkage rules find, and where they rightly keep still."""
