"""Plain Python that everything else stands on. Imports nothing of ours."""
