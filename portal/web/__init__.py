"""What all blueprints share: the gate, htmx answers, errors, headers, fields, filters."""
