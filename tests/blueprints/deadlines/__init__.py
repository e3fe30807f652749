"""The pages about days."""
