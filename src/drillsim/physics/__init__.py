"""Physics as pure numpy functions: source terms, dispersion, harm. Knows no plan and no city."""
