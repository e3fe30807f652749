"""Background work. Each module declares its jobs; `registry.all_jobs` finds them."""
