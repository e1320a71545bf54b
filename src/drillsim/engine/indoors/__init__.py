"""People inside a burning building: where they live, how they leave, what smoke does to them."""
