"""The Python stack's side of the benchmark: SQLAlchemy Core over psycopg2.

Connects to what FLOWDB_BENCHMARK_POSTGRES names. Reads lines of JSON from standard input, each a
run: {"sql", "repetitions", "keys"} for single rows, {"sql"} for all rows. Answers each with the sum
of its cells. Fetching converts every cell; adding the cells up is Python's own slowness and no part
of what is compared, so that only the first run of a statement does it, and the others must have as
many rows.
"""
import datetime
import decimal
import json
import os
import struct
import sys

import sqlalchemy

EPOCH = datetime.datetime(1970, 1, 1)
FIRST_DAY = datetime.date(1970, 1, 1)


def whole_part(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        return len(value.encode()) + value.encode()[0]
    if isinstance(value, decimal.Decimal):
        return int(value.scaleb(2))
    if isinstance(value, datetime.datetime):
        return (value - EPOCH) // datetime.timedelta(microseconds=1)
    return (value - FIRST_DAY).days


def add_up(rows, total):
    for row in rows:
        for value in row:
            if isinstance(value, float):
                total[1] += value
            else:
                total[0] += whole_part(value)


def keys_of(run):
    state = 1
    for _ in range(run["repetitions"]):
        state = (state * 1664525 + 1013904223) % 2**32
        yield 1 + (state >> 8) % run["keys"]


def fetch(connection, run):
    statement = sqlalchemy.text(run["sql"])
    if "keys" not in run:
        return connection.execute(statement).fetchall()
    return [connection.execute(statement, {"id": key}).one() for key in keys_of(run)]


def main():
    url = os.environ["FLOWDB_BENCHMARK_POSTGRES"].replace("postgresql://", "postgresql+psycopg2://", 1)
    engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    known = {}
    with engine.connect() as connection:
        print("ready", flush=True)
        for line in sys.stdin:
            run = json.loads(line)
            rows = fetch(connection, run)
            if run["sql"] not in known:
                total = [0, 0.0]
                add_up(rows, total)
                answer = f"{total[0] % 2**64} {struct.pack('<d', total[1]).hex()}"
                known[run["sql"]] = (len(rows), answer)
            count, answer = known[run["sql"]]
            if len(rows) != count:
                raise SystemExit("the number of rows has changed")
            print(answer, flush=True)


main()
