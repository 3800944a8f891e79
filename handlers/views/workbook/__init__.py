"""The catalogue of an office as a workbook: what is on its sheets, written out and read back."""
