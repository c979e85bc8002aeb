"""Hand-made tables for the oracle: what mappings/rules.md, section 9, decides, with the right answers stated there."""

import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import batches  # noqa: E402
import values  # noqa: E402
from coverage import features  # noqa: E402
from never_found import never_found  # noqa: E402
from oracle import Document, Oracle  # noqa: E402
from writers import Writer  # noqa: E402

RATES = {"kind": "rates", "file": "t", "date": "d", "from": "f", "to": "t", "rate": "r"}
RATE_LINES = "d,f,t,r\n2025-03-03,EUR,USD,1.10\n2025-03-03,JPY,USD,0.01\n2025-03-04,EUR,USD,2\n"
CONVERTED = {"convert_to": "USD", "rates": "tasas", "decimals": "2", "rounding": "half-up"}


class Section9(unittest.TestCase):
    def made(self, columns, *lines, files=None, **sections):
        """The rows in CSV or JSON, one text, with the codes of each record that is refused: (text, codes)."""
        output = {"format": "csv", "header": "no", "blank_rows": "keep", **sections.pop("output", {})}
        oracle = Oracle({"columns": columns, "output": output, **sections}, files)
        lines = [line if isinstance(line, Document) else line.encode() for line in lines]
        answers = oracle.answers(lines)
        self.assertEqual([a.unsure for a in answers], [""] * len(answers))
        text = b"".join(Writer(oracle).rows(a.rows, a.rest, a.key) for a in answers).decode()
        return text, [sorted({code for code, _ in a.errors}) for a in answers]

    def rows(self, columns, line, expected, **sections):
        text, codes = self.made(columns, line, **sections)
        self.assertEqual((text, codes), (expected, [[]]))

    def refused(self, columns, line, *codes, **sections):
        self.assertEqual(self.made(columns, line, **sections), ("", [list(codes)]))

    def one(self, column, cases, **sections):
        for source, expected in cases:
            text, codes = self.made({"A": column, "Z": {"value": "z"}}, source, **sections)
            with self.subTest(column=column, source=source):
                self.assertEqual(codes[0][0] if codes[0] else text.removesuffix(",z\n"), expected)

    # --- several values of one text, lengths of time, days of tables

    def test_all_parts_of_a_text(self):
        split = {"from": "a", "split": {"by": ";"}}
        self.one({**split, "join": "+"}, [('{"a":"x;y"}', "x+y"), ('{"a":"x; ;;y;"}', "x+y"), ('{"a":";"}', ""), ("{}", ""),
                                          ('{"a":7}', "7"), ('{"a":["x"]}', "WRONG_TYPE")])  # fmt: skip
        self.one({**split, "type": "json", "text": ["trim"], "lookup": {"x": "X"}, "unknown": "keep"},
                 [('{"a":"x; q"}', '"[""X"",""q""]"'), ('{"a":"; "}', ""), ('{"a":null}', "")])  # fmt: skip
        self.one({**split, "type": "json", "required": "yes"}, [('{"a":";"}', "REQUIRED_BLANK")])
        self.one({**split, "type": "decimal", "total": "sum"}, [('{"a":"1.50;2"}', "3.50"), ('{"a":"1;x"}', "NUMBER_UNREADABLE")])
        self.one({**split, "total": "count"}, [('{"a":"x;;y"}', "2"), ("{}", "0"), ('{"a":""}', "0")])
        self.one({"first_of": ["b", "a"], "split": {"by": ";"}, "join": "+"}, [('{"a":"x;y"}', "x+y"), ('{"b":"z","a":"x"}', "z")])

    def test_a_wish_whose_item_is_a_null_word(self):
        pick = {"from": {"list": "t", "where": "k", "is": ["es", "en"], "take": "v"}, "null_words": ["-"]}
        self.one(pick, [('{"t":[{"k":"es","v":"-"},{"k":"en","v":"E"}]}', "E"), ('{"t":[{"k":"es","v":"-"}]}', "")])

    def test_lengths_in_a_unit(self):
        hours = {"from": "a", "type": "duration", "read": "minutes", "write": "hours"}
        self.one(hours, [('{"a":90}', "1.5"), ('{"a":100}', "NUMBER_NEEDS_ROUNDING"), ('{"a":0}', "0")])
        self.one({**hours, "decimals": "2", "rounding": "half-up"}, [('{"a":100}', "1.67"), ('{"a":60}', "1.00")])
        self.one({**hours, "read": "ISO-8601"}, [('{"a":"P1M"}', "DURATION_UNREADABLE"), ('{"a":"P1D"}', "24")])

    def test_days_of_tables_with_names(self):
        table = {"file": "t", "key": "k", "value": "v", "valid_from": "f", "valid_to": "t", "read": "DD-MMM-YY", "months": "es",
                 "two_digit_years": "2000-2099"}  # fmt: skip
        lines = "k,v,f,t\nA,uno,,30-jun-25\nA,dos,01-jul-25,\n"
        columns = {"D": {"from": "d", "type": "date", "read": "YYYY-MM-DD"}, "A": {"from": "a", "lookup": "p", "on": "D"}}
        for day, value in (("2025-06-30", "uno"), ("2025-07-01", "dos")):
            text, codes = self.made(columns, '{"a":"A","d":"%s"}' % day, tables={"p": table}, files={"t": lines})
            self.assertEqual((text, codes), (f"{day},{value}\n", [[]]))

    # --- rules 9.1 to 9.7

    def test_shapes_on_the_way(self):
        empty = [('{"a":%s}' % shape, "") for shape in ('""', '"  "', "[]", "{}", "null")]
        wrong = [('{"a":%s}' % shape, "WRONG_TYPE") for shape in ('"x"', "5", "true", "[1]")]
        self.one({"from": "a.b"}, empty + wrong)
        self.one({"from": "a.b", "when_empty": "e", "when_missing": "m", "when_null": "n"},
                 [('{"a":[]}', "e"), ('{"a":""}', "e"), ('{"a":{}}', "m"), ("{}", "m"), ('{"a":null}', "n"),
                  ('{"a":{"b":null}}', "n")])  # fmt: skip
        self.one({"from": "a[0].b"}, [('{"a":{}}', ""), ('{"a":{"b":1}}', "WRONG_TYPE"), ('{"a":[[]]}', ""), ('{"a":[[1]]}', "WRONG_TYPE")])
        self.one({"from": "a[*].b", "join": "+"}, [('{"a":{}}', ""), ('{"a":"x"}', "WRONG_TYPE"), ('{"a":[{"b":1},"",[]]}', "1"),
                                                   ('{"a":[{"b":1},"x"]}', "WRONG_TYPE")])  # fmt: skip

    def test_first_of(self):
        column = {"first_of": ["p.g", "p.n"], "type": "decimal"}
        self.one(column, [('{"p":"120.00"}', "WRONG_TYPE"), ('{"p":{"g":{"amount":"120.00"}}}', "WRONG_TYPE"),
                          ('{"p":{"g":{"a":1},"n":2}}', "2"), ('{"p":""}', ""), ("{}", "")])  # fmt: skip

    def test_blanks_behind_a_list_keep_their_kind(self):
        column = {"from": "s[*].a", "join": "+", "when_null": "ninguno", "when_empty": "vacío", "when_missing": "falta"}
        self.one(column, [('{"s":null}', "ninguno"), ('{"s":[]}', "vacío"), ("{}", "falta"), ('{"s":[{"a":null}]}', "ninguno"),
                          ('{"s":[{}]}', "falta"), ('{"s":[{"a":""},{"a":null}]}', "vacío")])  # fmt: skip
        self.one({"from": "s[*].a", "total": "sum", "when_null": "0", "when_empty": "1"},
                 [('{"s":null}', "0"), ('{"s":[]}', "1"), ("{}", "")])  # fmt: skip
        self.one({"from": "s[*].a", "total": "count"}, [('{"s":null}', "0"), ("{}", "0")])

    def test_json_through_a_wrong_shape(self):
        self.one({"from": "items[*].b.kind", "type": "json"},
                 [('{"items":[{"b":{"kind":"k"}},{"b":"plain"}]}', "WRONG_TYPE"), ('{"items":[{"b":{"kind":"k"}}]}', '"[""k""]"')])  # fmt: skip
        self.one({"from": ["n.x", "s"], "type": "json"}, [('{"n":23,"s":"t"}', "WRONG_TYPE"), ('{"n":{},"s":"t"}', '"[""t""]"')])
        self.one({"from": "items[*]", "type": "json", "required": "yes"}, [("{}", "REQUIRED_BLANK"), ('{"items":[]}', "[]")])

    def test_error_answers(self):
        lines = ['{"id":1}', '{"errors":[{"code":429}]}', '{"id":2,"errors":[]}', Document("RECORDS_NOT_FOUND", b"{}")]
        text, codes = self.made({"A": "id"}, *lines, input={"error_body": "errors"})
        self.assertEqual((text, codes), ("1\n2\n", [[], ["ERROR_BODY"], [], ["RECORDS_NOT_FOUND"]]))

    def test_lists_that_are_not_there(self):
        columns = {"A": "a", "N": "x.n"}
        level = {"one_per": "l", "called": "x"}
        self.refused(columns, '{"a":1}', "REQUIRED_BLANK", rows=level)
        self.rows(columns, '{"a":1}', "1,\n", rows={**level, "when_missing": "one-row"})
        for blank in ("[]", "{}", '""', "null"):
            self.rows(columns, '{"a":1,"l":%s}' % blank, "1,\n", rows=level)
        self.refused(columns, '{"a":1,"l":[]}', "REQUIRED_BLANK", rows={**level, "when_empty": "reject"})
        for paths in (["l", "m"], ["m", "l"]):  # a missing list, whatever the other is
            self.refused(columns, '{"a":1,"m":"x"}', "REQUIRED_BLANK", rows={"one_per": paths, "called": ["x", "y"]})
        self.refused(columns, '{"a":1,"l":"x"}', "WRONG_TYPE", rows=level)
        self.refused(columns, '{"a":1,"l":[{},{}]}', "TOO_MANY_ROWS", rows={**level, "at_most": "1"})

    def test_kinds_of_rows(self):
        level = {"one_per": {"split": "c", "by": ";"}, "called": "x"}
        self.rows({"X": "x", "N": "x.$number"}, '{"c":"A;B;"}', "A,1\nB,2\n", rows=level)
        nights = {"one_per": {"days_from": "i", "until": "o", "read": "DD/MM/YYYY"}, "called": "n"}
        columns = {"N": {"from": "n", "type": "date", "write": "DD.MM.YYYY"}, "A": "a"}
        self.rows(columns, '{"i":"27/02/2025","o":"01/03/2025"}', "27.02.2025,\n28.02.2025,\n", rows=nights)
        self.rows(columns, '{"i":"27/02/2025","o":"27/02/2025","a":1}', ",1\n", rows=nights)
        self.refused(columns, '{"i":"27/02/2025","o":"01/03/2026"}', "TOO_MANY_ROWS", rows=nights)
        self.refused(columns, '{"i":"30/02/2025","o":"01/03/2026"}', "DATE_IMPOSSIBLE", rows=nights)
        where = {"one_per": "s", "called": "s", "where": {"free": ["true"]}}
        self.rows({"K": "s.k"}, '{"s":[{"k":1,"free":true},{"k":2,"free":false},{"k":3}]}', "1\n", rows=where)

    def test_a_list_of_rows_is_followed_whole(self):
        columns = {"K": "s.k"}
        record = '{"slices":[{"k":"a","segments":[{"k":1}]},{"k":"b","segments":[{"k":2},{"k":3}]}]}'
        self.refused(columns, record, "WRONG_TYPE", rows={"one_per": "slices.segments", "called": "s"})
        two = [{"one_per": "slices", "called": "x"}, {"one_per": "x.segments", "called": "s"}]
        self.rows(columns, record, "1\n2\n3\n", rows=two)
        self.rows(columns, '{"slices":[{"segments":[{"k":1}]},"x"]}', "1\n", rows=[{**two[0], "bad_item": "skip-item"}, two[1]])

    # --- rules 9.8 and 9.9

    def test_rows_with_nothing_in_them(self):
        columns = {"A": "a", "B": {"from": "b", "when_blank": "x"}, "C": {"value": "c"}}
        kept, lost = {"blank_rows": "keep"}, {"blank_rows": "reject"}
        self.refused(columns, '{"b":null}', "ROW_BLANK", output=lost)
        self.rows(columns, '{"b":null}', ",x,c\n", output=kept)
        self.rows(columns, '{"b":1}', ",1,c\n", output=lost)
        self.rows({"C": {"value": "c"}}, "{}", "c\n", output=lost)
        rows = {"one_per": "l", "called": "x", "when_empty": "one-row"}
        self.refused({"N": "x.n"}, '{"l":[]}', "ROW_BLANK", output=lost, rows=rows)
        self.rows({"N": "x.n", "A": "a"}, '{"l":[],"a":1}', ",1\n", output=lost, rows=rows)
        self.refused({"N": "x.n"}, '{"l":[{"n":1},{}]}', "ROW_BLANK", output=lost, rows=rows)

    def test_fields_that_no_record_has(self):
        columns = {"I": "i", "A": "a.b", "F": {"first_of": ["x", "i"]}, "G": {"first_of": ["x", "y"]}, "L": {"from": "l[*].v", "join": "+"}}
        oracle = Oracle({"columns": columns, "output": {"format": "csv"}})
        lines = [b'{"i":1,"a":{"d":1},"l":[]}', b'{"i":1,"a":{"c":1},"l":[{"v":null}]}']
        self.assertEqual(never_found(oracle, lines, oracle.answers(lines)), ({"A", "G"}, set()))
        levels = [{"one_per": "l", "called": "x"}, {"one_per": "x.y", "called": "z", "when_missing": "one-row"}]
        oracle = Oracle({"columns": {"I": "i"}, "rows": levels, "output": {"format": "csv"}})
        lines = [b'{"i":1,"l":[{"v":1}]}', b'{"i":1,"l":[]}']
        self.assertEqual(never_found(oracle, lines, oracle.answers(lines)), ({"rows"}, set()))

    # --- rules 9.10 to 9.18

    def test_lookup_of_each_part(self):
        column = {"from": "c[*]", "join": "+", "lookup": {"A": "a", "B": "b"}}
        self.one(column, [('{"c":["A","B"]}', "a+b"), ('{"c":["A","X"]}', "LOOKUP_UNKNOWN")])
        self.one({**column, "unknown": "write-blank"}, [('{"c":["X","B"]}', "b")])
        self.one({**column, "unknown": {"write": "?"}}, [('{"c":["X","B"]}', "?+b")])
        self.one({"from": "c[*]", "total": "sum", "lookup": {"A": "1", "B": "2.5"}}, [('{"c":["A","B","A"]}', "4.5")])

    def test_zones_of_a_table(self):
        zone = {"from": "h", "text": ["upper-case"], "lookup": {"H1": "America/Bogota", "H2": "Mars/X"}, "when_blank": "UTC"}
        column = {"from": "t", "type": "datetime", "zone": "UTC", "no_zone_means": zone, "write": "HH:mm"}
        self.one(column, [('{"t":"2025-03-01T01:00","h":"h1"}', "06:00"), ('{"t":"2025-03-01T01:00"}', "01:00"),
                          ('{"t":"2025-03-01T01:00","h":"H9"}', "LOOKUP_UNKNOWN"), ('{"t":"2025-03-01T01:00","h":[1]}', "WRONG_TYPE"),
                          ('{"t":"2025-03-01T01:00","h":"H2"}', "ZONE_UNKNOWN")])  # fmt: skip

    def test_names_of_months(self):
        column = {"from": "d", "type": "date", "read": "D 'de' MMMM 'de' YYYY", "months": "es"}
        self.one(column, [('{"d":"1 de setiembre de 2025"}', "2025-09-01"), ('{"d":"3 DE MARZO de 2025"}', "2025-03-03")])
        self.one({**column, "read": "D-MMM-YYYY"}, [('{"d":"1-set-2025"}', "2025-09-01"), ('{"d":"1-SET.-2025"}', "2025-09-01")])

    def test_amounts_with_their_currency(self):
        column = {"from": "p", "type": "money", "currency": {"in_amount": "yes", "symbols": {"€": "EUR", "US$": "USD"}}}
        self.one(column, [('{"p":"€10"}', "10.00"), ('{"p":"10.5 US$"}', "10.50"), ('{"p":"EUR1"}', "1.00"),
                          ('{"p":"£1"}', "CURRENCY_UNKNOWN"), ('{"p":"1"}', "CURRENCY_UNKNOWN")])  # fmt: skip
        total = {"from": "rooms[*].p", "type": "money", "currency": "in-amount", "total": "sum"}
        self.one(total, [('{"rooms":[{"p":"EUR10.00"},{"p":"EUR5.00"}]}', "15.00"),
                         ('{"rooms":[{"p":"EUR10.00"},{"p":"USD5.00"}]}', "CURRENCY_MIXED")])  # fmt: skip

    def test_computed_amounts_are_amounts(self):
        columns = {
            "Neto": {"from": "n", "type": "decimal"},
            "Tasa": {"from": "t", "type": "decimal"},
            "Fecha": {"from": "d", "type": "date"},
            "Coste": {"compute": "Neto + Tasa", "type": "money", "currency": "EUR", "rate_date": "Fecha", **CONVERTED},
            "Cambio": {"rate_of": "Coste", "decimals": "2", "rounding": "half-up"},
            "Moneda": {"currency_of": "Coste"},
        }
        sections = {"tables": {"tasas": RATES}, "files": {"t": RATE_LINES}}
        self.rows(columns, '{"n":"100.00","t":21.5,"d":"2025-03-03"}', "100.00,21.5,2025-03-03,133.65,1.10,USD\n", **sections)
        columns["Coste"]["currency"] = {"from": "c"}
        self.refused(columns, '{"n":1,"t":1,"d":"2025-03-03","c":"ABC"}', "CURRENCY_UNKNOWN", **sections)

    def test_rates_in_the_dump(self):
        column = {"from": "n", "type": "money", "currency": {"from": "u"}, **CONVERTED}
        keyed = {"tasas": {"kind": "rates", "inside": "fx.r", "from": {"inside": "fx.b"}, "to": "$key", "inverse_allowed": "yes"}}
        files = {"inside:fx.r": '{"EUR": 0.8, "COP": "4e3"}', "inside:fx.b": '"USD"'}
        self.one(column, [('{"n":4,"u":"EUR"}', "5.00"), ('{"n":4,"u":"USD"}', "4.00"), ('{"n":4,"u":"MXN"}', "RATE_MISSING")],
                 tables=keyed, files=files)  # fmt: skip
        listed = {"tasas": {"kind": "rates", "inside": "fx", "from": "f", "to": "t", "rate": "r", "source": {"k": "s"}, "decimal_mark": ","}}
        items = '[{"k":"b","f":"EUR","t":"USD","r":"9"},{"k":"s","f":"EUR","t":"USD","r":"1,5"}]'
        self.one(column, [('{"n":4,"u":"EUR"}', "6.00")], tables=listed, files={"inside:fx": items})

    def test_items_of_each_that_fit(self):
        columns = {"X": {"each": "xs", "where": {"s": ["OK", "1"]}, "columns": {"a": "item.a", "n": {"from": "item.$number", "type": "integer"}}}}
        output = {"format": "ndjson"}
        record = '{"xs":[{"a":1,"s":"NO"},{"a":2,"s":1},{"a":3},{"a":4,"s":"OK"}]}'
        self.rows(columns, record, '{"X":[{"a":"2","n":1},{"a":"4","n":2}]}\n', output=output)
        self.refused(columns, '{"xs":[{"s":{"b":1}}]}', "WRONG_TYPE", output=output)

    def test_one_value_of_all(self):
        self.one({"from": "x[*]", "total": "same"}, [('{"x":["a",null,"a"]}', "a"), ('{"x":["a","b"]}', "WRONG_TYPE"), ("{}", "")])
        self.one({"from": "x[*]", "total": "same", "type": "decimal"}, [('{"x":[1,"1.0"]}', "1"), ('{"x":[1,2]}', "WRONG_TYPE")])

    def test_chosen_amounts(self):
        columns = {
            "A": {"from": "a", "type": "money", "currency": "EUR", "internal": "yes"},
            "B": {"from": "b", "type": "money", "currency": "JPY", "internal": "yes"},
            "T": {"type": "money", "choose": [{"when": "not (A is blank)", "write": {"column": "A"}}, {"otherwise": {"column": "B"}}]},
            "U": {"currency_of": "T"},
        }
        self.rows(columns, '{"a":1,"b":2}', "1.00,EUR\n")
        self.rows(columns, '{"b":2}', "2,JPY\n")

    def test_identity(self):
        sections = {"identity": {"key": ["k", "l.m"]}, "mapping": "m", "output": {"audit_columns": ["key", "idempotency_key"]}}
        uuid = "513d5300-feb5-514b-afa0-8ed79ad47250"
        self.rows({"N": "n"}, '{"n":1,"k":"A1","l":{"m":7}}', f'1,"[""A1"",""7""]",{uuid}\n', **sections)
        self.refused({"N": "n"}, '{"n":1,"k":"A1"}', "REQUIRED_BLANK", **sections)
        self.refused({"N": "n"}, '{"n":1,"k":"A1","l":{"m":[7]}}', "WRONG_TYPE", **sections)
        alone = {**sections, "identity": {"key": "k"}, "output": {"audit_columns": "key"}}
        self.rows({"N": "n"}, '{"n":1,"k":7}', "1,7\n", **alone)

    def test_exact_numbers_of_any_width(self):
        columns = {"A": {"from": "a", "type": "decimal", "internal": "yes"},
                   "B": {"compute": "A + 0.000000001", "decimals": "0", "rounding": "half-up"}}  # fmt: skip
        digits = "1231234567890123456784560123456789"
        self.rows(columns, '{"a":"%s"}' % digits, digits + "\n")
        self.refused({**columns, "B": {"compute": "A * A"}}, '{"a":"%s"}' % digits, "NUMBER_TOO_BIG")
        zeros = {"A": {**columns["A"], "internal": "yes"}, "Z": {"from": "z", "type": "decimal"}, "B": {"compute": "A + Z"}}
        self.rows(zeros, '{"a":"%s","z":"0.00000"}' % digits, f"0.00000,{digits}.0000\n")  # 38 digits
        self.refused(zeros, '{"a":"%s","z":"0.00005"}' % digits, "NUMBER_TOO_BIG")
        self.rows({"B": {"from": ["a", "b"], "total": "sum"}}, '{"a":"1.00","b":"2"}', "3.00\n")

    def test_withdrawn_currencies(self):
        column = {"from": "m", "type": "money", "currency": {"from": "c"}}
        self.one(column, [('{"m":1,"c":"%s"}' % code, "1.00") for code in ("HRK", "BGN", "ANG")])

    def test_share_of_a_refund(self):
        columns = {"M": {"from": "m", "type": "money", "currency": "EUR", "on_extra_rows": "share"}, "N": "x"}
        rows = {"one_per": "l", "called": "x"}
        self.rows(columns, '{"m":"-100.00","l":[1,2,3]}', "-33.34,1\n-33.33,2\n-33.33,3\n", rows=rows)

    def test_durations_have_one_order(self):
        span = lambda text: values.read_duration(text, "ISO-8601")  # noqa: E731
        for one, other, expected in (("P1M1D", "P1M", 1), ("P1M", "P2M", -1), ("P1M", "P1M", 0), ("P12M", "P1Y", 0), ("PT1S", "P1MT2S", -1)):
            self.assertEqual(values.compare_spans(span(one), span(other)), expected, (one, other))
        for one, other in (("P1M", "P30D"), ("P1M", "PT1S"), ("P1Y", "P365D")):
            with self.assertRaises(values.Undecided):
                values.compare_spans(span(one), span(other))

    # --- rules 9.24 to 9.33

    def test_items_that_fit(self):
        record = '{"p":[{"t":"X","k":"a","v":1},{"t":"X","k":"b","v":2},{"t":"Y","k":"a","v":4},{"t":""},[]]}'
        pick = {"list": "p", "where": "t", "is": "X", "take": "v"}
        self.one({"from": pick, "total": "sum"}, [(record, "3"), ('{"p":[{"t":"X","v":1},"plain"]}', "WRONG_TYPE"), ('{"p":""}', "")])
        self.one({"from": pick, "total": "only"}, [(record, "WRONG_TYPE")])
        self.one({"from": pick}, [(record, "1"), ('{"p":[{"t":[1],"v":1}]}', "WRONG_TYPE"), ('{"p":"x"}', "WRONG_TYPE")])
        self.one({"from": {**pick, "is": ["Y", "X"]}, "join": "+"}, [(record, "1+2+4")])
        pairs = {"list": "p", "where": {"t": ["X", "Y"], "k": ["a"]}, "take": "v"}
        self.one({"from": pairs, "total": "sum"}, [(record, "5")])
        self.one({"from": {**pairs, "highest": "v"}}, [(record, "4")])
        self.one({"from": {**pick, "lowest": "v"}}, [(record, "1"), ('{"p":[{"t":"X","v":1},{"t":"X","v":"2025-03-01"}]}', "WRONG_TYPE")])
        self.one({"first_of": ["a", {**pick, "is": "Z"}, pick]}, [(record, "1"), ('{"a":7}', "7")])
        self.one({"from": ["a", pick], "join": "-"}, [('{"a":7,"p":[{"t":"X","v":1}]}', "7-1")])

    def booking(self, how, items, record='"total":"100.00"', **words):
        columns = {"T": {"from": "total", "type": "money", "currency": {"from": "x.cur"}, "on_extra_rows": how, **words}}
        return self.made({**columns, "N": "x.n"}, '{%s,"xs":[%s]}' % (record, items), rows={"one_per": "xs", "called": "x"})

    def test_the_level_of_an_amount_is_that_of_its_path(self):
        items = '{"cur":"EUR","n":1},{"cur":"EUR","n":2}'
        self.assertEqual(self.booking("share", items)[0], "50.00,1\n50.00,2\n")
        self.assertEqual(self.booking("leave-blank", items)[0], "100.00,1\n,2\n")
        self.assertEqual(self.booking("repeat", items)[0], "100.00,1\n100.00,2\n")
        self.assertEqual(self.booking("share", '{"cur":"EUR"},{"cur":"USD"}')[1], [["CURRENCY_MIXED"]])
        shared = self.booking("share", '{"n":1,"p":2},{"n":2,"p":2}', '"total":"100"', currency="EUR", minor_units={"from": "x.p"})
        self.assertEqual(shared[0], "0.50,1\n0.50,2\n")
        columns = {
            "D": {"from": "x.d", "type": "date", "internal": "yes"},
            "T": {"from": "t", "type": "money", "currency": "EUR", "on_extra_rows": "share", "rate_date": "D", **CONVERTED},
            "F": {"first_of": ["x.f", "t"], "type": "money", "currency": "EUR", "on_extra_rows": "leave-blank"},
        }
        record = '{"t":100,"xs":[{"d":"2025-03-03"},{"d":"2025-03-03"}]}'
        sections = {"rows": {"one_per": "xs", "called": "x"}, "tables": {"tasas": RATES}, "files": {"t": RATE_LINES}}
        self.rows(columns, record, "55.00,100.00\n55.00,\n", **sections)

    def test_helper_fields_of_an_item(self):
        children = {
            "d": {"from": "x.d", "type": "date"},
            "m": {"from": "x.amount", "type": "money", "currency": {"from": "x.cur", "when_blank": "JPY"}, "rate_date": "d", **CONVERTED},
            "c": {"currency_of": "m"},
            "r": {"rate_of": "m", "decimals": "2", "rounding": "half-up"},
            "k": {"compute": "m * 2", "decimals": "2", "rounding": "half-up"},
            "e": {"choose": [{"when": "m > 500", "write": "caro"}, {"otherwise": {"from": "x.cur"}}]},
        }
        columns = {"xs": {"each": "xs", "called": "x", "columns": children, "internal": "no"},
                   "suma": {"total": "sum", "column": "xs[*].m"}}  # fmt: skip
        record = '{"xs":[{"amount":"1000","cur":"EUR","d":"2025-03-03"},{"amount":10,"d":"2025-03-03"}]}'
        made = '{"xs":[{"d":"2025-03-03","m":1100.00,"c":"USD","r":1.10,"k":2200.00,"e":"caro"},' \
               '{"d":"2025-03-03","m":0.10,"c":"USD","r":0.01,"k":0.20,"e":null}],"suma":1100.10}\n'  # fmt: skip
        self.rows(columns, record, made, tables={"tasas": RATES}, files={"t": RATE_LINES}, output={"format": "ndjson"})
        self.refused(columns, '{"xs":[{"amount":1,"cur":"ABC"}]}', "CURRENCY_UNKNOWN", tables={"tasas": RATES}, files={"t": RATE_LINES})

    def test_new_fields_of_rows(self):
        columns = {"M": {"from": "r.a", "type": "money", "currency": {"from": "r.$key"}}}
        inputs = {"fields_nobody_uses": "reject"}
        rows = {"one_per": "rs{*}", "called": "r"}
        self.rows(columns, '{"rs":{"EUR":{"a":1},"USD":{"a":2}}}', "1.00\n2.00\n", rows=rows, input=inputs)
        self.refused(columns, '{"rs":{"EUR":{"a":1,"b":2}}}', "FIELD_UNKNOWN", rows=rows, input=inputs)
        self.refused({"N": "r.$number"}, '{"rs":[{"b":2}]}', "FIELD_UNKNOWN", rows={**rows, "one_per": "rs"}, input=inputs)
        two = [{"one_per": "rs", "called": "r"}, {"one_per": "r.gs", "called": "g"}]
        self.rows({"N": "g.n"}, '{"rs":[{"gs":[{"n":1}]}]}', "1\n", rows=two, input=inputs)
        self.refused({"N": "g.n"}, '{"rs":[{"gs":[{"n":1,"x":1}]}]}', "FIELD_UNKNOWN", rows=two, input=inputs)


class Generated(unittest.TestCase):
    def test_every_set_is_the_same_again_and_mostly_sure(self):
        for words in batches.WORDS:
            left_open = total = 0
            for number in range(12):
                batch = batches.batch(f"test/{words}/{number}", words, 10)
                again = batches.batch(f"test/{words}/{number}", words, 10)
                self.assertEqual((batch.mapping, batch.lines), (again.mapping, again.lines))
                self.assertTrue(features(batch.mapping))
                answers = Oracle(batch.mapping, batch.files).answers(batch.lines)
                total += len(answers)
                left_open += sum(bool(a.unsure) for a in answers)
            self.assertLess(left_open, total / 5, words)


if __name__ == "__main__":
    unittest.main()
