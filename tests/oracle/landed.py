"""What the engine cannot do yet. The generator writes no key of it, and what hangs on it is not compared."""

# mappings/rules.md, rules 9.8 and 9.9: FIELD_NEVER_FOUND and ROW_BLANK, with `optional`, `limits: fields_never_found` and `output: blank_rows`.
LOST_FIELDS = True
