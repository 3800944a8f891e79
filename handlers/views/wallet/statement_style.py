"""How a printable statement looks: a table on paper, a card for each line on a small phone.

Only what browsers have understood for fifteen years is used, and only fonts that are there.
"""

from typing import Final

STYLE: Final = """
@page { size: A4; margin: 12mm }
body { font-family: Vazirmatn, Vazir, Tahoma, "Noto Naskh Arabic", Arial, sans-serif;
  font-size: 14px; line-height: 1.6; color: #111; background: #fff; margin: 16px auto;
  max-width: 1000px; padding: 0 12px }
h1 { font-size: 18px; margin: 0 0 12px }
table { border-collapse: collapse; width: 100% }
th, td { text-align: start; vertical-align: top; padding: 4px 8px }
table.facts { width: auto; margin-bottom: 16px }
table.facts th { font-weight: normal; color: #555; white-space: nowrap }
table.lines th { background: #e9edf1; border-bottom: 2px solid #8a96a3 }
table.lines td { border-bottom: 1px solid #c8d0d8 }
td.when, td.code { white-space: nowrap }
td.code { direction: ltr; font-family: monospace }
td.in { color: #0a6b2d }
td.out { color: #9c1c1c }
tr { page-break-inside: avoid }
thead { display: table-header-group }
@media screen and (max-width: 640px) {
  table.facts th, table.facts td { display: block; padding: 0 0 2px; white-space: normal }
  table.facts th { padding-top: 6px }
  table.lines, table.lines tbody, table.lines tr, table.lines td { display: block; width: auto }
  table.lines thead { display: none }
  table.lines tr { border: 1px solid #8a96a3; border-radius: 6px; margin-bottom: 10px;
    padding: 4px 8px }
  table.lines td { border: 0; padding: 2px 0; white-space: normal }
  table.lines td:before { content: attr(data-name) ": "; color: #555; font-family: sans-serif }
  td.code { direction: inherit }
}
@media print { body { margin: 0; max-width: none; font-size: 11px; padding: 0 } }
"""
