"""Cases of verify-test, one idea per file."""
