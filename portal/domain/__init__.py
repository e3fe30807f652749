"""The rule book: who may, when, and what is seen. Pure functions, no database, no web."""
