"""How plans link: static rules read the plans together, dynamic linkage reads a run."""
