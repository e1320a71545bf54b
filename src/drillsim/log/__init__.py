"""The log: what happened, why, and which clause asked for it; everything else reads it."""
