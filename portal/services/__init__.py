"""Every change: one verb, one function. Flush, never commit."""
