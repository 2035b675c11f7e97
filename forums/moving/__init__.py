"""Moving in and out: an mbox archive becomes threads, a circle's threads become files (docs/moving-in.md)."""
