"""Plans as data: organisations, plans and plan sets, read from YAML and checked."""
