"""Files of `format: parquet` as pyarrow and DuckDB read them, value for value what NDJSON of the same run has. By tests/extras/run_extras,
with an interpreter that has both.

    parquet_others.py TRAMA [RECORDS]
"""

import datetime
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

import duckdb
import pyarrow
import pyarrow.compute as compute
import pyarrow.dataset as dataset
import pyarrow.parquet as parquet

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import parquet_cases as cases  # noqa: E402

SQL = {"STRING": "VARCHAR", "JSON": "JSON", "BOOLEAN": "BOOLEAN", "INT64": "BIGINT", "DATE": "DATE", "TIME": "TIME",
       "INSTANT": "TIMESTAMP WITH TIME ZONE", "LOCAL": "TIMESTAMP"}


def scalar(kind, value):
    """In the terms of cases.expected()."""
    if value is None:
        return None
    if kind == ("JSON",):
        return ("json", cases.exact(value))
    if kind[0] in ("DECIMAL", "INT64"):
        assert isinstance(value, (int, Decimal)) and not isinstance(value, bool), value
        return Decimal(value)
    if isinstance(value, datetime.datetime):
        assert (value.tzinfo is not None) == (kind == ("INSTANT",)), (kind, value)
        since = value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc if value.tzinfo else None)
        return since // datetime.timedelta(microseconds=1)
    if isinstance(value, datetime.date):
        return value.toordinal() - datetime.date(1970, 1, 1).toordinal()
    if isinstance(value, datetime.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 10 ** 6 + value.microsecond
    assert isinstance(value, (str, bool)), value
    return value


def read(columns, members, audit=()):
    made = {}
    for name, words, kind in [*columns, *((name, "", kind) for name, kind in audit)]:
        *groups, last = name.split(".")
        at, value = made, members
        for group in groups:
            at, value = at.setdefault(group, {}), value[group]
        value = value[last]
        if isinstance(words, str):
            at[last] = scalar(kind, value)
        else:
            at[last] = None if value is None else [read(words, item) for item in value]
    return made


def compare(who, rows, wanted):
    assert len(rows) == len(wanted), (who, len(rows), len(wanted))
    for number, (row, want) in enumerate(zip(rows, wanted)):
        for name in want:
            assert row[name] == want[name], f"{who}, row {number}, {name}: {row[name]!r} is not {want[name]!r}"


def sql_type(columns, above=""):
    """As DuckDB describes a column."""
    groups = {}
    for name, words, kind in columns:
        first, _, rest = name.partition(".")
        groups.setdefault(first, []).append((rest, words, kind))
    made = {}
    for name, parts in groups.items():
        rest, words, kind = parts[0]
        if rest:
            made[name] = struct(sql_type(parts))
        elif isinstance(words, str):
            made[name] = f"DECIMAL({kind[1]},{kind[2]})" if kind[0] == "DECIMAL" else SQL[kind[0]]
        else:
            made[name] = struct(sql_type(words)) + "[]"
    return made


def struct(types):
    return "STRUCT(" + ", ".join(f'"{name}" {kind}' for name, kind in types.items()) + ")"


def main():
    trama, records = pathlib.Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "in.ndjson").write_text(cases.dump(records, 21), encoding="utf-8")
        for form in ("parquet", "ndjson"):
            (folder / f"{form}.yaml").write_text(cases.mapping(form), encoding="utf-8")
            subprocess.run([trama, "run", f"{form}.yaml", "in.ndjson", "-o", f"out.{form}"], cwd=folder, check=True, capture_output=True)
        wanted = cases.expected((folder / "out.ndjson").read_text(encoding="utf-8"))
        file = str(folder / "out.parquet")

        table = parquet.read_table(file)
        table.validate(full=True)
        compare("pyarrow", [read(cases.COLUMNS, row, cases.AUDIT) for row in table.to_pylist()], wanted)
        meta = parquet.ParquetFile(file).metadata
        assert meta.created_by.startswith("trama version ") and meta.num_rows == len(wanted)
        assert all(meta.row_group(0).column(i).has_column_index == (meta.row_group(0).column(i).statistics.has_min_max)
                   and meta.row_group(0).column(i).has_offset_index for i in range(meta.num_columns))

        base = duckdb.connect()
        base.execute("SET TimeZone = 'UTC'")
        names = [one[0] for one in base.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()]
        types = dict(base.execute(f"SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM '{file}')").fetchall())
        hoped = sql_type([*cases.COLUMNS, *((name, "", kind) for name, kind in cases.AUDIT)])
        for column, kind in hoped.items():
            assert types[column].replace('"', "") == kind.replace('"', ""), (column, types[column], kind)
        rows = [dict(zip(names, row)) for row in base.execute(f"SELECT * FROM '{file}'").fetchall()]
        compare("DuckDB", [read(cases.COLUMNS, row, cases.AUDIT) for row in rows], wanted)

        # What statistics and indexes leave out of a search is what is not there.
        for column in ("Texto", "Entero", "Corto", "Dec9", "Dec18", "Dec38", "Fecha", "Id"):
            values = sorted({row[column] for row in wanted if row[column] is not None})
            for value in (values[0], values[len(values) // 2], values[-1]):
                count = sum(row[column] == value for row in wanted)
                given = datetime.date(1970, 1, 1) + datetime.timedelta(days=value) if column == "Fecha" else value
                found = base.execute(f'SELECT count(*) FROM \'{file}\' WHERE "{column}" = ?', [given]).fetchone()[0]
                assert found == count, (column, value, found, count)
                typed = table.schema.field(column).type
                found = dataset.dataset(file).to_table(filter=compute.field(column) == pyarrow.scalar(given, typed)).num_rows
                assert found == count, (column, value, found, count)
    print(f"{records} records: pyarrow and DuckDB read what NDJSON has")


if __name__ == "__main__":
    main()
