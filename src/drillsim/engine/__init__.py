"""The engine: the only place with mutable state, and the only importer of SimPy."""
