"""When an office works: hours, official holidays, closures, and time counted in open hours."""
