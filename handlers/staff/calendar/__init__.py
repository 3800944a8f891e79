"""The calendar of an office: closures, shortened days, holidays that move."""
