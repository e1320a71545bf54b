"""Cited tables that ship with the product; every figure names its source."""
