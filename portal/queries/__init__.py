"""Every SELECT that matters. `get_` raises NotFound, `find_` may be None, `list_` is ordered and limited."""
